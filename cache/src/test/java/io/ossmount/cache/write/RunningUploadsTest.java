package io.ossmount.cache.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.ossmount.cache.write.RunningUploads.Upload;
import org.junit.jupiter.api.Test;

class RunningUploadsTest {
  private final RunningUploads uploads = new RunningUploads();

  @Test
  void whatGoesUpIsShownUntilItHasEnded() {
    try (RunningUploads.Running first = uploads.begin("a", 10);
        RunningUploads.Running second = uploads.begin("b", 20)) {
      first.sent(4);
      second.sent(5);
      second.sent(5);
      assertThat(uploads.now()).containsExactly(new Upload("a", 10, 4), new Upload("b", 20, 10));
    }
    assertThat(uploads.now()).isEmpty();
  }

  @Test
  void theSameFileMayGoUpTwice() {
    RunningUploads.Running first = uploads.begin("a", 10);
    try (RunningUploads.Running second = uploads.begin("a", 10)) {
      first.close();
      first.close();
      second.sent(30);
      assertThat(uploads.now()).containsExactly(new Upload("a", 10, 10));
    }
  }
}
