/**
 * The APK without an Android SDK. At build time {@link shallows.apk.Resources} links the resources
 * and {@link shallows.apk.Template} joins them with the dex and the native libraries; {@link
 * shallows.apk.Main} adds the files of a run's bundle to that template, aligns and signs. Nothing
 * here knows a stage, and nothing of the app.
 */
package shallows.apk;
