package io.ossmount.emulator.protocol;

import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.ResponseBody;
import io.ossmount.emulator.store.Bucket;
import io.ossmount.emulator.store.Buckets;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Operations on the service and on whole buckets. */
final class BucketOperations {
  /** The one account. */
  private static final String OWNER = "1000000000000000";

  private static final String STANDARD = "Standard";

  private final Buckets buckets;
  private final String location;

  BucketOperations(Buckets buckets, String region) {
    this.buckets = buckets;
    this.location = "oss-" + region;
  }

  static void owner(XmlWriter xml) {
    xml.open("Owner").element("ID", OWNER).element("DisplayName", OWNER).close();
  }

  HttpResponse list(OssRequest request) {
    String prefix = request.query().get("prefix").orElse("");
    String marker = request.query().get("marker").orElse("");
    int most = (int) request.number("max-keys", 100, 1, 1000);
    List<Bucket> found =
        buckets.all().stream()
            .filter(each -> each.name().startsWith(prefix) && each.name().compareTo(marker) > 0)
            .toList();
    List<Bucket> page = found.subList(0, Math.min(most, found.size()));
    XmlWriter xml = new XmlWriter("ListAllMyBucketsResult");
    xml.element("Prefix", prefix).element("Marker", marker).element("MaxKeys", most);
    xml.element("IsTruncated", found.size() > most);
    if (found.size() > most) {
      xml.element("NextMarker", page.getLast().name());
    }
    owner(xml);
    xml.open("Buckets");
    for (Bucket bucket : page) {
      xml.open("Bucket");
      facts(xml, bucket, request);
      xml.close();
    }
    return xml.answer(200);
  }

  HttpResponse info(OssRequest request, Bucket bucket) {
    XmlWriter xml = new XmlWriter("BucketInfo").open("Bucket");
    facts(xml, bucket, request);
    xml.element("DataRedundancyType", "LRS").element("Comment", "");
    owner(xml);
    xml.open("AccessControlList").element("Grant", "private").close();
    return xml.answer(200);
  }

  private void facts(XmlWriter xml, Bucket bucket, OssRequest request) {
    xml.element("Name", bucket.name())
        .element("CreationDate", Lists.time(bucket.created()))
        .element("Location", location)
        .element("ExtranetEndpoint", request.http().host())
        .element("IntranetEndpoint", request.http().host())
        .element("StorageClass", STANDARD);
  }

  HttpResponse location() {
    return new XmlWriter("LocationConstraint").text(location).answer(200);
  }

  static HttpResponse acl() {
    XmlWriter xml = new XmlWriter("AccessControlPolicy");
    owner(xml);
    return xml.open("AccessControlList").element("Grant", "private").answer(200);
  }

  HttpResponse create(OssRequest request) throws IOException {
    String name = request.address().bucket();
    buckets.create(name);
    return new HttpResponse(200, Map.of("Location", "/" + name), ResponseBody.NONE);
  }

  HttpResponse delete(OssRequest request) throws IOException {
    buckets.delete(request.address().bucket());
    return new HttpResponse(204, Map.of(), ResponseBody.NONE);
  }
}
