import type { DeviceState } from '../../protocol/devices';
import { type Message, message } from '../../protocol/messages';
import type { CudaMachine } from './cudaMachine';
import { cudaPackage } from './cudaPackage';
import type { Trial } from './tryProvider';

type Problem = DeviceState['problem'];

/**
 * What keeps this machine from CUDA whatever is installed, in the order in which a person has to deal with it, or null.
 * @param listed whether onnxruntime is built with CUDA here.
 */
export function cudaObstacle(machine: CudaMachine, listed: boolean): Problem {
  if (!listed) {
    return message(
      'onnxruntime for {0} {1} is built without CUDA; choose another device, or train on Linux x64.',
      machine.platform,
      machine.arch,
    );
  }
  if (machine.driver === null) {
    return machine.gpu
      ? message(
          'There is an NVIDIA GPU here but its driver is not loaded, so CUDA cannot be used; install the NVIDIA driver and restart.',
        )
      : message(
          'No NVIDIA GPU is seen on this machine, so CUDA cannot be used; choose "cpu", or train on a machine that has one.',
        );
  }
  return machine.reachable ? null : notReachable(machine.driver);
}

/** What is missing where a machine is ready for CUDA and onnxruntime is not. */
export function librariesMissing(): Message {
  return message(
    'The CUDA libraries of onnxruntime are not installed; run "unroll setup-cuda" in a terminal, or the command "Unroll: Set Up CUDA…".',
  );
}

/** Why a trial on CUDA, or on TensorRT, failed and what to do, or null where it ran. `trial.log` holds the loader's own words. */
export function cudaProblem(provider: 'cuda' | 'tensorrt', machine: CudaMachine, trial: Trial): Problem {
  if (trial.kind !== 'refused') return providerProblem(provider, trial);
  const missing = missingFrom(trial);
  if (missing !== null && /^lib(cu|nvrtc|nvJitLink)/.test(missing)) return missingLibrary(machine, missing);
  const said = `${trial.reason}\n${trial.log}`;
  if (/driver version is insufficient|cudaErrorInsufficientDriver|error 35\b/i.test(said)) {
    return message(
      'The NVIDIA driver {0} is too old for CUDA {1}; update the driver and restart.',
      machine.driver ?? '',
      cudaPackage.cuda,
    );
  }
  if (/no CUDA-capable device|cudaErrorNoDevice/i.test(said)) return notReachable(machine.driver ?? '');
  return providerProblem(provider, trial);
}

/** Why a trial on any provider failed, or null where it ran. */
export function providerProblem(provider: string, trial: Trial): Problem {
  switch (trial.kind) {
    case 'ran':
      return null;
    case 'unused':
      return message(
        'The provider "{0}" starts here, but a training step ran on the CPU all the same; choose "cpu" or "auto".',
        provider,
      );
    case 'wrong':
      return message(
        'The provider "{0}" computes a training step wrongly here; update its driver, or choose "cpu" or "auto".',
        provider,
      );
    case 'died':
      return message(
        'The provider "{0}" crashed on trial ({1}); update its driver, or choose "cpu" or "auto".',
        provider,
        trial.how,
      );
    case 'refused': {
      const missing = missingFrom(trial);
      if (missing !== null) {
        return message(
          'The provider "{0}" needs {1}, which is not found; install it, or choose "cpu" or "auto".',
          provider,
          missing,
        );
      }
      return message(
        'The provider "{0}" does not work on this machine ({1}); choose "cpu" or "auto".',
        provider,
        shortened(trial.reason),
      );
    }
  }
}

/** The library that the loader did not find, where it is not one of onnxruntime's own. */
function missingFrom({ reason, log }: Trial & { readonly kind: 'refused' }): string | null {
  const others = `${reason}\n${log}`.replaceAll(/libonnxruntime[\w.]*/g, '');
  return /(lib[\w+.-]+\.so[\d.]*): cannot open shared object file/.exec(others)?.[1] ?? null;
}

function missingLibrary({ cuda }: CudaMachine, library: string): Problem {
  const others = cuda.filter((major) => major !== cudaPackage.cuda);
  if (others.length > 0 && !cuda.includes(cudaPackage.cuda)) {
    return message(
      'CUDA {0} is installed, but onnxruntime needs CUDA {1} ({2} is missing); install CUDA {1} and cuDNN {3} beside it.',
      others.join(', '),
      cudaPackage.cuda,
      library,
      cudaPackage.cudnn,
    );
  }
  return message(
    'CUDA needs {0}, which is not found; install CUDA {1} and cuDNN {2}, or add their folder to LD_LIBRARY_PATH and restart.',
    library,
    cudaPackage.cuda,
    cudaPackage.cudnn,
  );
}

const notReachable = (driver: string): Problem =>
  message(
    'The NVIDIA driver {0} is loaded but no GPU can be reached from here; start the container with its GPUs, as with --gpus all.',
    driver,
  );

/** onnxruntime puts the place in its source and the failed condition before what a person can use. */
function shortened(reason: string): string {
  const [line = ''] = reason.trim().split('\n');
  return line
    .replace(/^\S+\.(?:cc|cpp|h):\d+ .*? was false\. /, '')
    .replace(/\.$/, '')
    .slice(0, 300);
}
