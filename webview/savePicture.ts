import type { SavedPicture } from '../extension/protocol/panels';

/** Makes a file and hands it to the host, which asks where it goes. */
export type SavePicture = (
  name: string,
  type: SavedPicture['type'],
  make: () => Uint8Array | Promise<Uint8Array>,
) => void;

/** Saves with what asks the host to; what goes wrong is given to `complain`. */
export function pictureSaver(
  ask: (picture: SavedPicture) => Promise<unknown>,
  complain: (error: unknown) => void,
): SavePicture {
  return async (name, type, make) => {
    try {
      const safe = name.replace(/[^\p{L}\p{N}._-]+/gu, '-');
      await ask({ name: safe, type, bytes: await make() });
    } catch (error) {
      complain(error);
    }
  };
}
