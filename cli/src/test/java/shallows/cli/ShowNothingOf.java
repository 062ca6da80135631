package shallows.cli;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;

/** No public method or constructor takes or returns a type of a library. */
final class ShowNothingOf extends ArchCondition<JavaClass> {
  private final String library;

  /**
   * @param library the beginning of its packages, with the dot
   */
  ShowNothingOf(String library) {
    super("show no type of " + library + " in a public signature");
    this.library = library;
  }

  @Override
  public void check(JavaClass type, ConditionEvents events) {
    for (JavaCodeUnit unit : type.getCodeUnits()) {
      boolean shows =
          unit.getModifiers().contains(JavaModifier.PUBLIC)
              && Stream.concat(
                      Stream.of(unit.getRawReturnType()), unit.getRawParameterTypes().stream())
                  .anyMatch(shown -> shown.getName().startsWith(library));
      if (shows) {
        events.add(SimpleConditionEvent.violated(unit, unit.getFullName() + " shows " + library));
      }
    }
  }
}
