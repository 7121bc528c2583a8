package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.Access;
import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.auth.AccessKey;
import io.ossmount.emulator.auth.Authenticator;
import io.ossmount.emulator.auth.SignedRequest;
import io.ossmount.emulator.fault.Faults;
import io.ossmount.emulator.http.HangUp;
import io.ossmount.emulator.http.HttpHandler;
import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.Percent;
import io.ossmount.emulator.log.LogEntry;
import io.ossmount.emulator.log.RequestLog;
import io.ossmount.emulator.store.Buckets;
import io.ossmount.emulator.store.ContentTooLargeException;
import java.io.IOException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From an HTTP request to its answer: log, faults, signature, rights, operation, errors. */
public final class OssService implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(OssService.class);
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Settings settings;
  private final Authenticator authenticator;
  private final Faults faults;
  private final RequestLog requests;
  private final Dispatcher dispatcher;

  /**
   * What is fixed while it runs.
   *
   * @param hostSuffixes names of the service, below which buckets are names
   * @param region that buckets are said to be in, for example "cn-hangzhou"
   * @param clock that requests are compared with
   */
  public record Settings(List<String> hostSuffixes, String region, Clock clock) {
    /** Takes a copy. */
    public Settings {
      hostSuffixes = List.copyOf(hostSuffixes);
    }
  }

  /** Over a store. */
  public OssService(
      Settings settings,
      Buckets buckets,
      Authenticator authenticator,
      Faults faults,
      RequestLog requests) {
    this.settings = settings;
    this.authenticator = authenticator;
    this.faults = faults;
    this.requests = requests;
    this.dispatcher = new Dispatcher(buckets, settings.region());
  }

  /**
   * Refuses what the caller may not do.
   *
   * @throws OssException AccessDenied
   */
  static void require(AccessKey caller, Access access, String target) {
    if (!caller.rights().allow(access, target)) {
      throw new OssException(ErrorCode.ACCESS_DENIED);
    }
  }

  @Override
  public HttpResponse handle(HttpRequest request) throws IOException {
    return S3Dialect.isOf(request)
        ? S3Dialect.answer(answer(S3Dialect.translate(request)))
        : answer(request);
  }

  private HttpResponse answer(HttpRequest request) throws IOException {
    long started = System.nanoTime();
    String requestId = newRequestId();
    Address address;
    try {
      address = Address.of(request, settings.hostSuffixes());
    } catch (OssException e) {
      return finish(Errors.answer(e, request, requestId), requestId, started);
    }
    Operation operation = Operations.of(request, address);
    LogEntry entry = entry(request, requestId, address, operation);
    Injection injection =
        new Injection(faults.strike(operation, request.method(), address.bucket(), address.key()));
    if (!injection.isEmpty()) {
      entry.faulted();
    }
    HttpResponse response;
    String errorCode = "";
    try {
      injection.before();
      response = carryOut(request, address, operation, entry);
    } catch (OssException e) {
      errorCode = e.code();
      response = Errors.answer(e, request, requestId);
    }
    try {
      response = injection.after(finish(response, requestId, started));
    } catch (HangUp e) {
      response.body().close();
      throw e;
    }
    entry.answered(response.status(), errorCode);
    return response.with(FilteredBody.of(response.body(), sink -> new CountingSink(sink, entry)));
  }

  private LogEntry entry(
      HttpRequest request, String requestId, Address address, Operation operation) {
    LogEntry.Head head =
        new LogEntry.Head(
            settings.clock().instant(),
            requestId,
            operation,
            request.method(),
            address.bucket(),
            address.key(),
            request.headers().get("range").orElse(""));
    return requests.add(head, request.body().received());
  }

  private HttpResponse carryOut(
      HttpRequest request, Address address, Operation operation, LogEntry entry) throws HangUp {
    try {
      SignedRequest signed =
          new SignedRequest(
              request.method(),
              address.bucket(),
              address.key(),
              Percent.decode(request.path()),
              request.query(),
              request.headers());
      AccessKey caller = authenticator.authenticate(signed);
      entry.signedBy(caller.id());
      authorize(caller, operation, request, address);
      return dispatcher.dispatch(operation, new OssRequest(request, address, caller));
    } catch (HangUp e) {
      throw e;
    } catch (ContentTooLargeException e) {
      throw new OssException(ErrorCode.ENTITY_TOO_LARGE);
    } catch (OssException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.error("{} of {}/{} failed", operation, address.bucket(), address.key(), e);
      throw new OssException(ErrorCode.INTERNAL_ERROR);
    }
  }

  private static void authorize(
      AccessKey caller, Operation operation, HttpRequest request, Address address) {
    if (operation == Operation.DELETE_MULTIPLE_OBJECTS) { // its keys are in its body
      if (!caller.rights().allow(operation.access())) {
        throw new OssException(ErrorCode.ACCESS_DENIED);
      }
      return;
    }
    boolean isListing = operation.access() == Access.LIST && address.key().isEmpty();
    String target = isListing ? request.query().get("prefix").orElse("") : address.key();
    require(caller, operation.access(), target);
  }

  /** 24 hexadecimal digits, as those of OSS. */
  private static String newRequestId() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HEX.toHexDigits(random.nextLong()) + HEX.toHexDigits(random.nextInt());
  }

  private static HttpResponse finish(HttpResponse response, String requestId, long started) {
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
    return response
        .with("Server", "AliyunOSS")
        .with("x-oss-request-id", requestId)
        .with("x-oss-server-time", Long.toString(millis));
  }
}
