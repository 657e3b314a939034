import type { Message } from './messages';

/** Where onnxruntime can compute: the execution providers that onnxruntime-node has on any platform, by its names for them. */
export const providers = ['cpu', 'cuda', 'tensorrt', 'webgpu', 'dml', 'coreml'] as const;
export type Provider = (typeof providers)[number];

/** What an experiment may ask for. */
export const providerWishes = ['auto', ...providers] as const;
export type ProviderWish = (typeof providerWishes)[number];

/** A provider that this machine's onnxruntime lists, and what a training step on it showed. */
export interface DeviceState {
  readonly provider: Provider;
  /** Why it cannot be used and what to do about it, or null where the step ran. */
  readonly problem: Message | null;
}

/** How much of a download has arrived, in bytes; `total` is null where the server does not say. */
export interface DownloadProgress {
  readonly received: number;
  readonly total: number | null;
}
