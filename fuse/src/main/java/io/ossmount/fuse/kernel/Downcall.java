package io.ossmount.fuse.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the C library, called with words of the machine: the only class that links any.
 *
 * <p>The JVM makes code for each signature that is linked, which takes some 10 ms of a start. So
 * all functions have one of two signatures, of six arguments. On Linux both x86-64 and arm64 pass
 * the first six integers and pointers in a register each, those after "..." as well, and a function
 * looks at no register, and at no part of one, that it has no argument in. A result of type {@code
 * int} is the lower half of its register.
 *
 * <p>What is returned is the function's result, or the negated errno where that is -1. Nothing is
 * thrown and nothing is allocated on the way. Thread-safe.
 *
 * @see <a href="https://gitlab.com/x86-psABIs/x86-64-ABI">System V ABI, section 3.2.3</a>
 * @see <a href="https://github.com/ARM-software/abi-aa">AAPCS64, section 6.8</a>
 */
@SuppressWarnings("restricted")
final class Downcall {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO = CALL_STATE.byteOffset(PathElement.groupElement("errno"));

  /** Where errno is left; one for each thread, so that no call needs an arena. */
  private static final ThreadLocal<MemorySegment> STATE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CALL_STATE));

  private Downcall() {}

  /** A function all of whose arguments are numbers, or addresses that the caller answers for. */
  static OfWords ofWords(String name) {
    return new OfWords(link(name, JAVA_LONG));
  }

  /** A function whose second argument is a pointer, and the others are words. */
  static OnMemory onMemory(String name) {
    return new OnMemory(link(name, ADDRESS));
  }

  private static MethodHandle link(String name, MemoryLayout second) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, second, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }

  /** The memory behind an address has to be held by the caller until the call is over. */
  record OfWords(MethodHandle handle) {

    /** Of a function that returns an {@code int}. */
    int status(long a, long b, long c, long d, long e, long f) {
      MemorySegment state = STATE.get();
      return result((int) invoke(state, a, b, c, d, e, f), state);
    }

    int status(long a, long b, long c, long d) {
      return status(a, b, c, d, 0, 0);
    }

    int status(long a, long b, long c) {
      return status(a, b, c, 0, 0, 0);
    }

    int status(long a, long b) {
      return status(a, b, 0, 0, 0, 0);
    }

    int status(long a) {
      return status(a, 0, 0, 0, 0, 0);
    }

    /** Of a function that returns a {@code long} or a pointer. */
    long word(long a, long b, long c, long d, long e, long f) {
      MemorySegment state = STATE.get();
      return result(invoke(state, a, b, c, d, e, f), state);
    }

    private long invoke(MemorySegment state, long a, long b, long c, long d, long e, long f) {
      try {
        return (long) handle.invokeExact(state, a, b, c, d, e, f);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }
  }

  /** The memory may be closed by nobody until the call is over. */
  record OnMemory(MethodHandle handle) {

    /** Of a function that returns an {@code int}. */
    int status(long a, MemorySegment memory, long c, long d) {
      MemorySegment state = STATE.get();
      return result((int) invoke(state, a, memory, c, d), state);
    }

    /** Of a function that returns a {@code long}. */
    long word(long a, MemorySegment memory, long c) {
      MemorySegment state = STATE.get();
      return result(invoke(state, a, memory, c, 0), state);
    }

    private long invoke(MemorySegment state, long a, MemorySegment memory, long c, long d) {
      try {
        return (long) handle.invokeExact(state, a, memory, c, d, 0L, 0L);
      } catch (Throwable failure) {
        throw unexpected(failure);
      }
    }
  }

  private static int result(int value, MemorySegment state) {
    return value == -1 ? -state.get(JAVA_INT, ERRNO) : value;
  }

  private static long result(long value, MemorySegment state) {
    return value == -1 ? -state.get(JAVA_INT, ERRNO) : value;
  }

  /** A downcall itself throws nothing but what a wrong argument or a closed arena causes. */
  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
