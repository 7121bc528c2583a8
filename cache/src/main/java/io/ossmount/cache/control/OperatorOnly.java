package io.ossmount.cache.control;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Refuses who is not the operator. TLS has made sure that the client's certificate is signed by the
 * mount's authority, which signs those of cache pods too.
 */
final class OperatorOnly implements ServerInterceptor {
  /** CN of the operator's certificate: the operator's {@code tls.Authority} writes it. */
  static final String OPERATOR = "ossmount-operator";

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    if (session != null && isOperator(session)) {
      return next.startCall(call, headers);
    }
    call.close(
        Status.PERMISSION_DENIED.withDescription("this is for the operator only"), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  private static boolean isOperator(SSLSession session) {
    try {
      return session.getPeerCertificates()[0] instanceof X509Certificate certificate
          && hasName(certificate.getSubjectX500Principal().getName());
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private static boolean hasName(String distinguishedName) {
    try {
      for (Rdn part : new LdapName(distinguishedName).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return OPERATOR.equals(part.getValue());
        }
      }
    } catch (InvalidNameException e) {
      // Nobody's name.
    }
    return false;
  }
}
