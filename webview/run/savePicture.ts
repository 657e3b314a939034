import type { Channel, Silent } from '../../extension/protocol/channel';
import type { RunPanelContract } from '../../extension/protocol/panels';

type Saved = RunPanelContract['requests']['savePicture']['params'];

/** Makes a file and hands it to the host, which asks where it goes. */
export type SavePicture = (name: string, type: Saved['type'], make: () => Uint8Array | Promise<Uint8Array>) => void;

/** Saves through the host; what goes wrong is given to `complain`. */
export function pictureSaver(
  channel: Channel<Silent, RunPanelContract>,
  complain: (error: unknown) => void,
): SavePicture {
  return async (name, type, make) => {
    try {
      const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
      await channel.request('savePicture', { name: safe, type, bytes: await make() });
    } catch (error) {
      complain(error);
    }
  };
}
