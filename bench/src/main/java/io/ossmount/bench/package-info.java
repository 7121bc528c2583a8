/**
 * Measurements of a mount beside the local disk, the SDK's own transfer and other programs that
 * mount buckets, interleaved in one run, so that only their ratios count. Start reading at {@link
 * io.ossmount.bench.BenchMain}; {@link io.ossmount.bench.Comparisons} has what is measured.
 */
@NullMarked
package io.ossmount.bench;

import org.jspecify.annotations.NullMarked;
