/** Tests. */
@NullMarked
package io.ossmount.csi.controller;

import org.jspecify.annotations.NullMarked;
