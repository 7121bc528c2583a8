package io.ossmount.emulator.api;

/** What a key must be allowed for an operation to be carried out. */
public enum Access {
  /** Buckets of the account (oss:ListBuckets). */
  SERVICE,
  /** What a bucket is (oss:GetBucket...). */
  BUCKET_READ,
  /** Making and deleting buckets. */
  BUCKET_WRITE,
  /** Names of objects, uploads and parts (oss:List...). */
  LIST,
  /** Content and metadata of an object. */
  READ,
  /** Making, changing and deleting objects, by whatever way. */
  WRITE
}
