package io.ossmount.emulator.protocol;

import io.ossmount.emulator.api.OssException;
import io.ossmount.emulator.http.HttpRequest;
import io.ossmount.emulator.http.HttpResponse;
import io.ossmount.emulator.http.ResponseBody;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors as OSS shows them: an XML document, or for HEAD the same in a header. */
final class Errors {
  private static final int NOT_MODIFIED = 304;

  private Errors() {}

  static HttpResponse answer(OssException error, HttpRequest request, String requestId) {
    XmlWriter xml = new XmlWriter("Error");
    xml.element("Code", error.code())
        .element("Message", String.valueOf(error.getMessage()))
        .element("RequestId", requestId)
        .element("HostId", request.host().replaceFirst(":\\d*$", ""));
    error.details().forEach(xml::element);
    byte[] document = xml.bytes();
    Map<String, String> headers = new LinkedHashMap<>(error.headers());
    if (request.method().equals("HEAD") && error.status() != NOT_MODIFIED) {
      headers.put("x-oss-err", Base64.getEncoder().encodeToString(document));
      return new HttpResponse(error.status(), headers, ResponseBody.NONE);
    }
    if (error.status() == NOT_MODIFIED) {
      return new HttpResponse(NOT_MODIFIED, headers, ResponseBody.NONE);
    }
    headers.put("Content-Type", "application/xml");
    return new HttpResponse(error.status(), headers, ResponseBody.of(document));
  }
}
