/**
 * The object store on Alibaba Cloud OSS. The only package that sees the OSS SDK; its exceptions end
 * here, in {@link io.ossmount.cache.store.oss.OssErrors}. Start reading at {@link
 * io.ossmount.cache.store.oss.OssObjectStore}.
 */
@NullMarked
package io.ossmount.cache.store.oss;

import org.jspecify.annotations.NullMarked;
