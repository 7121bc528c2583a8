/**
 * An emulator of Alibaba Cloud OSS: start it in a test with {@link
 * io.ossmount.emulator.OssEmulator#builder()}, or as a process with {@link
 * io.ossmount.emulator.EmulatorMain}.
 *
 * <p>The rooms, each standing only on those before it: {@code api} (words), {@code http} (the
 * wire), {@code auth} (keys and signatures), {@code store} (objects on disk), {@code fault}, {@code
 * log}, {@code protocol} (the OSS API), {@code admin} (the API for whoever runs the emulator).
 */
@NullMarked
package io.ossmount.emulator;

import org.jspecify.annotations.NullMarked;
