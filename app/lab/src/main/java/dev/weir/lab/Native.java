package dev.weir.lab;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The handful of calls of Linux' C library that a TUN device and a namespace need. Each returns
/// what the call returned; after -1 [#errno] of the same instance has the reason.
///
/// One thread uses an instance: it holds that thread's errno.
final class Native {
  static final int EAGAIN = 11;
  static final int EINTR = 4;
  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 2048;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_RDONLY = 0;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final short POLLIN = 1;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_FIELD =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  // int open(const char *path, int flags)
  private static final MethodHandle OPEN =
      call("open", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
  private static final MethodHandle CLOSE =
      call("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  // int ioctl(int fd, unsigned long request, void *argument)
  private static final MethodHandle IOCTL =
      call(
          "ioctl",
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_INT,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS);
  private static final MethodHandle READ =
      call(
          "read",
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG);
  private static final MethodHandle WRITE =
      call(
          "write",
          ValueLayout.JAVA_LONG,
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG);
  // int ppoll(struct pollfd *fds, nfds_t count, const struct timespec *time, const sigset_t *mask)
  private static final MethodHandle PPOLL =
      call(
          "ppoll",
          ValueLayout.JAVA_INT,
          ValueLayout.ADDRESS,
          ValueLayout.JAVA_LONG,
          ValueLayout.ADDRESS,
          ValueLayout.ADDRESS);
  private static final MethodHandle SETNS =
      call("setns", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
  private static final MethodHandle PRCTL =
      call("prctl", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);

  private final MemorySegment state;
  private final MemorySegment pollEntry;
  private final MemorySegment timespec;

  /// @param arena holds the few bytes of the calls' structures
  Native(Arena arena) {
    state = arena.allocate(STATE);
    pollEntry = arena.allocate(8, 4);
    timespec = arena.allocate(16, 8);
  }

  @SuppressWarnings("restricted") // The one place where foreign functions are bound.
  private static MethodHandle call(String name, MemoryLayout result, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), ERRNO);
  }

  int errno() {
    return (int) ERRNO_FIELD.get(state, 0L);
  }

  /// Opens a device for reading and writing without waiting.
  int openDevice(String path) throws IOException {
    return open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  }

  private int open(String path, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
      return required(fd, "open " + path);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  void ioctl(int fd, long request, MemorySegment argument, String what) throws IOException {
    int result;
    try {
      result = (int) IOCTL.invokeExact(state, fd, request, argument);
    } catch (Throwable e) {
      throw unexpected(e);
    }
    required(result, what);
  }

  /// Bytes read, or -1.
  int read(int fd, MemorySegment target) {
    try {
      return (int) (long) READ.invokeExact(state, fd, target, target.byteSize());
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Bytes written, or -1.
  int write(int fd, MemorySegment source, long lengthBytes) {
    try {
      return (int) (long) WRITE.invokeExact(state, fd, source, lengthBytes);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Waits until there is something to read or the time has passed.
  void awaitReadable(int fd, long nanos) {
    pollEntry.set(ValueLayout.JAVA_INT, 0, fd);
    pollEntry.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
    pollEntry.set(ValueLayout.JAVA_SHORT, 6, (short) 0);
    timespec.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000);
    timespec.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000);
    try {
      int _ = (int) PPOLL.invokeExact(state, pollEntry, 1L, timespec, MemorySegment.NULL);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Lets the calling thread's timers fire to the microsecond; 50 µs late is usual.
  void sharpenTimers() {
    try {
      int _ = (int) PRCTL.invokeExact(state, PR_SET_TIMERSLACK, 1L);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /// Puts the calling thread, and only it, into the network namespace behind a path.
  void enterNetwork(String path) throws IOException {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    try {
      int result = (int) SETNS.invokeExact(state, fd, CLONE_NEWNET);
      required(result, "setns " + path);
    } catch (IOException e) {
      throw e;
    } catch (Throwable e) {
      throw unexpected(e);
    } finally {
      close(fd);
    }
  }

  void close(int fd) {
    try {
      int _ = (int) CLOSE.invokeExact(state, fd);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private int required(int result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + " failed with errno " + errno());
    }
    return result;
  }

  /// A downcall throws nothing of its own.
  private static IllegalStateException unexpected(Throwable cause) {
    return new IllegalStateException("a call of the C library could not be made", cause);
  }
}
