package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.Operation;
import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import java.io.IOException;

/** The table from operations to the code that carries them out. */
final class Dispatcher {
  private final Buckets buckets;
  private final BucketOperations bucketOperations;
  private final ObjectWrites writes;
  private final Copies copies;
  private final Multiparts multiparts;

  Dispatcher(Buckets buckets, String region) {
    this.buckets = buckets;
    this.bucketOperations = new BucketOperations(buckets, region);
    this.writes = new ObjectWrites(buckets);
    this.copies = new Copies(buckets);
    this.multiparts = new Multiparts(buckets, writes);
  }

  HttpResponse dispatch(Operation operation, OssRequest request) throws IOException {
    return switch (operation) {
      case LIST_BUCKETS -> bucketOperations.list(request);
      case PUT_BUCKET -> bucketOperations.create(request);
      case DELETE_BUCKET -> bucketOperations.delete(request);
      case UNKNOWN -> throw new OssException(ErrorCode.NOT_IMPLEMENTED);
      default -> dispatch(operation, request, buckets.get(request.address().bucket()));
    };
  }

  private HttpResponse dispatch(Operation operation, OssRequest request, Bucket bucket)
      throws IOException {
    return switch (operation) {
      case LIST_BUCKETS, PUT_BUCKET, DELETE_BUCKET, UNKNOWN ->
          throw new IllegalArgumentException("not in a bucket: " + operation);
      case GET_BUCKET_INFO -> bucketOperations.info(request, bucket);
      case GET_BUCKET_LOCATION -> bucketOperations.location();
      case GET_BUCKET_ACL -> BucketOperations.acl();
      case LIST_OBJECTS -> Lists.objects(request, bucket);
      case LIST_OBJECTS_V2 -> Lists.objectsV2(request, bucket);
      case LIST_MULTIPART_UPLOADS -> Lists.uploads(request, bucket);
      case DELETE_MULTIPLE_OBJECTS -> ObjectWrites.deleteMultiple(request, bucket);
      case PUT_OBJECT -> writes.put(request, bucket);
      case GET_OBJECT -> ObjectReads.get(request, bucket);
      case HEAD_OBJECT -> ObjectReads.head(request, bucket);
      case GET_OBJECT_META -> ObjectReads.meta(request, bucket);
      case DELETE_OBJECT -> ObjectWrites.delete(request, bucket);
      case COPY_OBJECT -> copies.copy(request, bucket);
      case APPEND_OBJECT -> writes.append(request, bucket);
      case PUT_SYMLINK -> writes.putSymlink(request, bucket);
      case GET_SYMLINK -> ObjectReads.symlink(request, bucket);
      case INITIATE_MULTIPART_UPLOAD -> Multiparts.initiate(request, bucket);
      case UPLOAD_PART -> multiparts.uploadPart(request, bucket);
      case UPLOAD_PART_COPY -> multiparts.uploadPartCopy(request, bucket);
      case COMPLETE_MULTIPART_UPLOAD -> Multiparts.complete(request, bucket);
      case ABORT_MULTIPART_UPLOAD -> Multiparts.abort(request, bucket);
      case LIST_PARTS -> Multiparts.listParts(request, bucket);
    };
  }
}
