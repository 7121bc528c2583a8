# Finds a JDK 25 and exports JAVA_HOME; sourced by mvnw, the one place that looks for it.
# Order: OSSMOUNT_JAVA_HOME, JAVA_HOME, then every directory in which distributions keep JDKs.
ossmount_is_jdk25() {
  [ -x "$1/bin/javac" ] && [ -f "$1/release" ] && grep -q '^JAVA_VERSION="25' "$1/release"
}

ossmount_find_jdk25() {
  for ossmount_jdk in "${OSSMOUNT_JAVA_HOME:-}" "${JAVA_HOME:-}" \
    /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if [ -n "$ossmount_jdk" ] && ossmount_is_jdk25 "$ossmount_jdk"; then
      JAVA_HOME=$ossmount_jdk
      export JAVA_HOME
      return 0
    fi
  done
  echo "OssMount needs a JDK 25 and found none. Install one (Debian: a temurin-25-jdk package)" >&2
  echo "or set OSSMOUNT_JAVA_HOME to its directory." >&2
  return 1
}

ossmount_find_jdk25 || exit 1
