/**
 * TFLite files whose filters of one bit are unpacked at every run become files that hold them
 * unpacked: small on the way, fast in memory. Bytes go in and bytes come out. Plain Java without a
 * library, which the Android app has a copy of, and any other app may have.
 */
package shallows.export.unpack;
