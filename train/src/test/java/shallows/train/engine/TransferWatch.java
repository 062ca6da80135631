package shallows.train.engine;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Method;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.VMDisconnectEvent;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Runs a program in a process of its own and counts, as a debugger, where numbers go between Java
 * and torch. On a GPU each of these places makes the host wait.
 */
final class TransferWatch {
  /** Everything that DJL does with torch goes through here. */
  private static final String NATIVE_CALLS = "ai.djl.pytorch.jni.JniUtils";

  /** Numbers of Java to torch, and back; the bounds of a clip are read back too. */
  private static final Set<String> TRANSFERS =
      Set.of("createNdFromByteBuffer", "getByteBuffer", "clip");

  private static final String OURS = "shallows.";

  private TransferWatch() {}

  /**
   * @param program with a {@code main} method
   * @param ignored a class whose constructor may do what it likes
   * @return how often, by the innermost method of ours
   */
  static Map<String, Integer> count(Class<?> program, Class<?> ignored, List<String> arguments)
      throws IOException, InterruptedException {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(each -> each.name().equals("com.sun.jdi.SocketListen"))
            .findFirst()
            .orElseThrow();
    Map<String, Connector.Argument> settings = connector.defaultArguments();
    settings.get("localAddress").setValue("127.0.0.1");
    settings.get("port").setValue("0");
    Process process = null;
    try {
      String address = connector.startListening(settings);
      process = start(program, address, arguments);
      VirtualMachine machine = connector.accept(settings);
      Map<String, Integer> counts = watch(machine, ignored);
      if (process.waitFor() != 0) {
        throw new IOException(program + " ended with " + process.exitValue());
      }
      return counts;
    } catch (IllegalConnectorArgumentsException e) {
      throw new IOException(e);
    } finally {
      if (process != null) {
        process.destroyForcibly();
      }
    }
  }

  private static Process start(Class<?> program, String address, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=" + address);
    command.add("-Dai.djl.offline=true");
    command.add(program.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    return builder.start();
  }

  private static Map<String, Integer> watch(VirtualMachine machine, Class<?> ignored)
      throws InterruptedException {
    ClassPrepareRequest loaded = machine.eventRequestManager().createClassPrepareRequest();
    loaded.addClassFilter(NATIVE_CALLS);
    loaded.setSuspendPolicy(EventRequest.SUSPEND_ALL);
    loaded.enable();
    machine.resume();
    Map<String, Integer> counts = new TreeMap<>();
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        for (Event event : events) {
          if (event instanceof ClassPrepareEvent prepared) {
            prepared.referenceType().methods().forEach(TransferWatch::breakAt);
          } else if (event instanceof BreakpointEvent reached) {
            count(reached.thread(), ignored, counts);
          } else if (event instanceof VMDisconnectEvent) {
            return counts;
          }
        }
        events.resume();
      }
    } catch (VMDisconnectedException e) {
      return counts;
    }
  }

  private static void breakAt(Method method) {
    if (TRANSFERS.contains(method.name())) {
      BreakpointRequest request =
          method.virtualMachine().eventRequestManager().createBreakpointRequest(method.location());
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      request.enable();
    }
  }

  private static void count(ThreadReference thread, Class<?> ignored, Map<String, Integer> counts) {
    List<StackFrame> frames;
    try {
      frames = thread.frames();
    } catch (IncompatibleThreadStateException e) {
      throw new IllegalStateException("a thread at a breakpoint must stand still", e);
    }
    String place = null;
    for (StackFrame frame : frames) {
      Method method = frame.location().method();
      String type = method.declaringType().name();
      if (type.equals(ignored.getName()) && method.isConstructor()) {
        return;
      }
      if (place == null && type.startsWith(OURS)) {
        place = type.substring(type.lastIndexOf('.') + 1) + "." + method.name();
      }
    }
    counts.merge(String.valueOf(place), 1, Integer::sum);
  }
}
