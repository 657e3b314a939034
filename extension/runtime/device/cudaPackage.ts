/** What onnxruntime-node's own install step would fetch for CUDA, which we leave to `unroll setup-cuda`. */
export const cudaPackage = {
  /** The only platform that onnxruntime-node is built with CUDA for. */
  platform: 'linux',
  arch: 'x64',
  /** Major version of CUDA that the libraries are linked against. */
  cuda: 12,
  cudnn: 9,
  /** On the NuGet feed, in the version of onnxruntime itself. */
  id: 'Microsoft.ML.OnnxRuntime.Gpu.Linux',
  feed: 'https://api.nuget.org/v3/index.json',
  folder: 'runtimes/linux-x64/native',
  files: [
    'libonnxruntime_providers_shared.so',
    'libonnxruntime_providers_cuda.so',
    'libonnxruntime_providers_tensorrt.so',
  ],
  /** The file without which there is no CUDA. */
  library: 'libonnxruntime_providers_cuda.so',
  /**
   * SHA-512 of the package in base64, by version. A version that is not here is checked against what nuget.org publishes of it,
   * over HTTPS.
   */
  sha512: {} as Readonly<Record<string, string>>,
} as const;
