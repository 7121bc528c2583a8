/**
 * Measurements of a mount beside the local disk and beside the SDK's own transfer, interleaved in
 * one run, so that only their ratios count. Start reading at {@link io.ossmount.bench.BenchMain}.
 */
@NullMarked
package io.ossmount.bench;

import org.jspecify.annotations.NullMarked;
