/**
 * Generates the CustomResourceDefinition and tests it. Start with {@link
 * io.ossmount.api.CustomResourceDefinitions}.
 */
@NullMarked
package io.ossmount.api;

import org.jspecify.annotations.NullMarked;
