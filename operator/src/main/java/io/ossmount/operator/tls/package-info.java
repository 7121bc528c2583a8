/**
 * The certificates between operator and cache pods: one authority per installation, a server
 * certificate per OssMount, a client certificate for the operator. Knows nothing of OssMounts but
 * their UID. Start with {@link io.ossmount.operator.tls.Authority}.
 */
@NullMarked
package io.ossmount.operator.tls;

import org.jspecify.annotations.NullMarked;
