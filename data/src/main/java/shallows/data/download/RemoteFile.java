package shallows.data.download;

import java.net.URI;

/**
 * A file that can be downloaded.
 *
 * @param name what it is called here
 * @param address where it is, {@code http} or {@code https}
 * @param checksum of its bytes as they come from there
 */
public record RemoteFile(String name, URI address, Checksum checksum) {
  /**
   * @param folder the address before the name, with the slash
   */
  public static RemoteFile in(String folder, String name, Checksum checksum) {
    return new RemoteFile(name, URI.create(folder + name), checksum);
  }
}
