import type { DeviceState } from '../../protocol/devices';
import { cudaFolder } from '../device/cudaFolder';
import { type CudaInstall, installCuda } from '../device/installCuda';
import { onnxruntime } from './onnxruntime';
import { forgetTrials, problemOf } from './provider';

/** What setting up CUDA came to. */
export interface CudaSetup {
  readonly folder: string;
  /** Whether the libraries were fetched now; otherwise they were there. */
  readonly fetched: boolean;
  /** What is still in the way of CUDA, or null where a training step ran on it. */
  readonly problem: DeviceState['problem'];
}

/** Fetches the CUDA libraries of the installed onnxruntime for this user, and tries CUDA with them. Throws as {@link installCuda}. */
export async function setUpCuda(
  wishes: Pick<CudaInstall, 'mirror' | 'sha512' | 'signal' | 'onProgress'>,
): Promise<CudaSetup> {
  const { env } = await onnxruntime();
  const version = env.versions.node ?? '';
  const folder = cudaFolder(version);
  const fetched = await installCuda({ ...wishes, version, folder });
  forgetTrials();
  return { folder, fetched, problem: await problemOf('cuda') };
}
