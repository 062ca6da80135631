package shallows.demo;

import org.junit.runners.model.FrameworkMethod;
import org.junit.runners.model.InitializationError;
import org.robolectric.RobolectricTestRunner;
import org.robolectric.internal.bytecode.InstrumentationConfiguration;

/**
 * Robolectric has a class loader for each Android version, but a native library belongs to one
 * class loader: TFLite's classes are those of the host for all versions.
 */
public final class PhoneRunner extends RobolectricTestRunner {
  public PhoneRunner(Class<?> test) throws InitializationError {
    super(test);
  }

  @Override
  protected InstrumentationConfiguration createClassLoaderConfig(FrameworkMethod method) {
    return new InstrumentationConfiguration.Builder(super.createClassLoaderConfig(method))
        .doNotAcquirePackage("org.bytedeco.")
        .build();
  }
}
