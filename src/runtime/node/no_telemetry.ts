/**
 * Switches off ONNX Runtime's telemetry. Since 1.29, its builds for Linux and macOS tell its maker about the machine
 * and the models, and keep an identifier in the home folder, unless told not to before the first session of the process
 * (microsoft/onnxruntime, pull request 27379). Only the main thread can tell it, because a worker's environment
 * variables are a copy: import this, for its effect, wherever the main thread starts sessions, or threads that do. Only
 * a plain 0 allows it.
 */
if (process.env['ORT_DISABLE_TELEMETRY'] !== '0') process.env['ORT_DISABLE_TELEMETRY'] = '1';
