package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.Query;

/** Which operation a request asks for. */
final class Operations {
  private Operations() {}

  static Operation of(HttpRequest request, Address address) {
    if (address.bucket().isEmpty()) {
      return request.method().equals("GET") ? Operation.LIST_BUCKETS : Operation.UNKNOWN;
    }
    return address.key().isEmpty() ? ofBucket(request) : ofObject(request);
  }

  private static Operation ofBucket(HttpRequest request) {
    Query query = request.query();
    return switch (request.method()) {
      case "GET" -> {
        if (query.has("bucketInfo")) {
          yield Operation.GET_BUCKET_INFO;
        } else if (query.has("location")) {
          yield Operation.GET_BUCKET_LOCATION;
        } else if (query.has("acl")) {
          yield Operation.GET_BUCKET_ACL;
        } else if (query.has("uploads")) {
          yield Operation.LIST_MULTIPART_UPLOADS;
        } else if (query.get("list-type").filter("2"::equals).isPresent()) {
          yield Operation.LIST_OBJECTS_V2;
        }
        yield Operation.LIST_OBJECTS;
      }
      case "PUT" -> query.parameters().isEmpty() ? Operation.PUT_BUCKET : Operation.UNKNOWN;
      case "DELETE" -> query.parameters().isEmpty() ? Operation.DELETE_BUCKET : Operation.UNKNOWN;
      case "POST" -> query.has("delete") ? Operation.DELETE_MULTIPLE_OBJECTS : Operation.UNKNOWN;
      default -> Operation.UNKNOWN;
    };
  }

  private static Operation ofObject(HttpRequest request) {
    Query query = request.query();
    return switch (request.method()) {
      case "GET" -> {
        if (query.has("uploadId")) {
          yield Operation.LIST_PARTS;
        } else if (query.has("symlink")) {
          yield Operation.GET_SYMLINK;
        } else if (query.has("objectMeta")) {
          yield Operation.GET_OBJECT_META;
        }
        yield query.has("acl") || query.has("tagging") ? Operation.UNKNOWN : Operation.GET_OBJECT;
      }
      case "HEAD" -> query.has("objectMeta") ? Operation.GET_OBJECT_META : Operation.HEAD_OBJECT;
      case "PUT" -> put(request);
      case "POST" -> {
        if (query.has("append")) {
          yield Operation.APPEND_OBJECT;
        } else if (query.has("uploads")) {
          yield Operation.INITIATE_MULTIPART_UPLOAD;
        }
        yield query.has("uploadId") ? Operation.COMPLETE_MULTIPART_UPLOAD : Operation.UNKNOWN;
      }
      case "DELETE" ->
          query.has("uploadId") ? Operation.ABORT_MULTIPART_UPLOAD : Operation.DELETE_OBJECT;
      default -> Operation.UNKNOWN;
    };
  }

  private static Operation put(HttpRequest request) {
    Query query = request.query();
    boolean copies = request.headers().get(Headers.COPY_SOURCE).isPresent();
    if (query.has("uploadId")) {
      return copies ? Operation.UPLOAD_PART_COPY : Operation.UPLOAD_PART;
    }
    if (query.has("symlink")) {
      return Operation.PUT_SYMLINK;
    }
    if (query.has("acl") || query.has("tagging")) {
      return Operation.UNKNOWN;
    }
    return copies ? Operation.COPY_OBJECT : Operation.PUT_OBJECT;
  }
}
