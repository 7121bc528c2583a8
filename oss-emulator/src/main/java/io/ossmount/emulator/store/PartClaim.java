package io.ossmount.emulator.store;

import io.ossmount.emulator.api.ErrorCode;
import io.ossmount.emulator.api.OssException;
import java.util.ArrayList;
import java.util.List;

/**
 * A part that the client says it has sent.
 *
 * @param number its number
 * @param etag without quotes, in any case
 */
public record PartClaim(int number, String etag) {
  /** All parts but the last must be this large. */
  private static final long SMALLEST_PART = 100 * 1024;

  static List<Part> resolve(MultipartUpload upload, List<PartClaim> claims) {
    List<Part> parts = new ArrayList<>();
    int before = 0;
    for (PartClaim claim : claims) {
      if (claim.number() <= before) {
        throw new OssException(ErrorCode.INVALID_PART_ORDER);
      }
      before = claim.number();
      Part part = upload.parts().get(claim.number());
      if (part == null || !part.content().etag().equalsIgnoreCase(claim.etag())) {
        throw new OssException(ErrorCode.INVALID_PART)
            .detail("PartNumber", Integer.toString(claim.number()));
      }
      parts.add(part);
    }
    for (Part part : parts.subList(0, Math.max(0, parts.size() - 1))) {
      if (part.content().size() < SMALLEST_PART) {
        throw new OssException(ErrorCode.ENTITY_TOO_SMALL)
            .detail("PartNumber", Integer.toString(part.number()));
      }
    }
    return parts;
  }
}
