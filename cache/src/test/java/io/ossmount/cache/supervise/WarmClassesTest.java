package io.ossmount.cache.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmClassesTest {
  private static final List<Class<?>> INITIALIZED = new ArrayList<>();

  private static final class One {
    static {
      INITIALIZED.add(One.class);
    }
  }

  private static final class Broken {
    static {
      fail();
    }

    private static void fail() {
      throw new IllegalStateException("as it is to be");
    }
  }

  private static final class Other {
    static {
      INITIALIZED.add(Other.class);
    }
  }

  private static final class Last {
    static {
      INITIALIZED.add(Last.class);
    }
  }

  @Test
  void they_are_initialized_in_order_until_somebody_calls() throws Exception {
    // given
    var classes =
        new WarmClasses(
            List.of(
                One.class.getName(),
                "io.ossmount.Absent",
                Other.class.getName(),
                Last.class.getName()));
    // when
    classes.initializeUntil(() -> INITIALIZED.contains(Other.class));
    // then
    assertThat(INITIALIZED).containsExactly(One.class, Other.class);
  }

  @Test
  void a_process_that_cannot_use_one_any_more_is_told() {
    // given
    var classes = new WarmClasses(List.of(Broken.class.getName()));
    // when
    var warming = catchThrowable(() -> classes.initializeUntil(() -> false));
    // then
    assertThat(warming).isInstanceOf(ExceptionInInitializerError.class);
  }

  @Test
  void an_image_without_such_a_file_has_none() {
    assertThat(WarmClasses.ofThisImage().names()).isEmpty();
  }
}
