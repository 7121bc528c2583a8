package io.ossmount.operator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final String UID = "4d9c6f3e-0000-4000-8000-000000000001";

  private final Identity identity = Authority.create(CLOCK);
  private final Authority authority = Authority.of(identity, CLOCK);

  @Test
  void anAuthorityLivesForTenYears() throws GeneralSecurityException {
    // when
    var certificate = Pem.certificate(authority.certificate());

    // then
    assertThat(certificate.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(3650)));
    assertThat(certificate.getBasicConstraints()).isZero();
  }

  @Test
  void aServerIsNamedAfterTheOssMountAndIsNoClient() throws GeneralSecurityException {
    // when
    var certificate = Pem.certificate(authority.issueServer(UID).certificate());

    // then
    certificate.verify(Pem.certificate(authority.certificate()).getPublicKey());
    assertThat(certificate.getSubjectAlternativeNames())
        .containsExactly(List.of(2, UID + ".cachepods.ossmount.io"));
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void theOperatorIsNoServer() throws GeneralSecurityException {
    // when
    var certificate = Pem.certificate(authority.issueClient().certificate());

    // then
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.2");
  }

  @Test
  void certificatesAreCurrentUntilTheyAreDueForRenewal() {
    // given
    var server = authority.issueServer(UID);

    // then
    assertThat(authority.isCurrent(server)).isTrue();
    assertThat(at(Duration.ofDays(244)).isCurrent(server)).isTrue();
    assertThat(at(Duration.ofDays(246)).isCurrent(server)).isFalse();
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotCurrent() {
    // given
    var other = Authority.of(Authority.create(CLOCK), CLOCK);

    // then
    assertThat(authority.isCurrent(other.issueServer(UID))).isFalse();
  }

  @Test
  void whatIsNoCertificateIsNotCurrent() {
    assertThat(authority.isCurrent(new Identity("", ""))).isFalse();
  }

  @Test
  void aDamagedAuthorityIsToldWithoutItsKey() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Authority.of(new Identity(identity.certificate(), "c2VjcmV0!"), CLOCK))
        .withMessageNotContaining("c2Vj")
        .havingCause()
        .withMessageNotContaining("c2Vj");
  }

  @Test
  void anIdentityDoesNotShowItsKey() {
    assertThat(identity.toString()).isEqualTo("Identity[redacted]");
  }

  private Authority at(Duration later) {
    return Authority.of(identity, Clock.offset(CLOCK, later));
  }
}
