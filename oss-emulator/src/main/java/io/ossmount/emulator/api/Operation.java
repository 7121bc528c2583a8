package io.ossmount.emulator.api;

import java.util.Arrays;
import java.util.Optional;

/** Operations of the OSS API that the emulator answers, under the names of its documentation. */
public enum Operation {
  LIST_BUCKETS("ListBuckets", Access.SERVICE),
  PUT_BUCKET("PutBucket", Access.BUCKET_WRITE),
  DELETE_BUCKET("DeleteBucket", Access.BUCKET_WRITE),
  GET_BUCKET_INFO("GetBucketInfo", Access.BUCKET_READ),
  GET_BUCKET_LOCATION("GetBucketLocation", Access.BUCKET_READ),
  GET_BUCKET_ACL("GetBucketAcl", Access.BUCKET_READ),
  LIST_OBJECTS("ListObjects", Access.LIST),
  LIST_OBJECTS_V2("ListObjectsV2", Access.LIST),
  LIST_MULTIPART_UPLOADS("ListMultipartUploads", Access.LIST),
  DELETE_MULTIPLE_OBJECTS("DeleteMultipleObjects", Access.WRITE),
  PUT_OBJECT("PutObject", Access.WRITE),
  GET_OBJECT("GetObject", Access.READ),
  HEAD_OBJECT("HeadObject", Access.READ),
  GET_OBJECT_META("GetObjectMeta", Access.READ),
  DELETE_OBJECT("DeleteObject", Access.WRITE),
  COPY_OBJECT("CopyObject", Access.WRITE),
  APPEND_OBJECT("AppendObject", Access.WRITE),
  PUT_SYMLINK("PutSymlink", Access.WRITE),
  GET_SYMLINK("GetSymlink", Access.READ),
  INITIATE_MULTIPART_UPLOAD("InitiateMultipartUpload", Access.WRITE),
  UPLOAD_PART("UploadPart", Access.WRITE),
  UPLOAD_PART_COPY("UploadPartCopy", Access.WRITE),
  COMPLETE_MULTIPART_UPLOAD("CompleteMultipartUpload", Access.WRITE),
  ABORT_MULTIPART_UPLOAD("AbortMultipartUpload", Access.WRITE),
  LIST_PARTS("ListParts", Access.LIST),
  /** Anything else: refused with NotImplemented. */
  UNKNOWN("Unknown", Access.SERVICE);

  private final String apiName;
  private final Access access;

  Operation(String apiName, Access access) {
    this.apiName = apiName;
    this.access = access;
  }

  /** As the documentation of OSS calls it, for example "GetObject". */
  public String apiName() {
    return apiName;
  }

  /** What the key must be allowed. */
  public Access access() {
    return access;
  }

  /** The operation of that name; the API's own or the constant's. */
  public static Optional<Operation> named(String name) {
    return Arrays.stream(values())
        .filter(each -> each.apiName.equalsIgnoreCase(name) || each.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
