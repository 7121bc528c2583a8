/**
 * The API {@code ossmount.io/v1alpha1}: what users write ({@link
 * io.ossmount.api.v1alpha1.OssMountSpec}) and read ({@link
 * io.ossmount.api.v1alpha1.OssMountStatus}). The CustomResourceDefinition is generated from these
 * records and committed beside them; descriptions, defaults and rules stand here and nowhere else.
 * Knows neither operator nor driver. Start with {@link io.ossmount.api.v1alpha1.OssMount}.
 */
@NullMarked
package io.ossmount.api.v1alpha1;

import org.jspecify.annotations.NullMarked;
