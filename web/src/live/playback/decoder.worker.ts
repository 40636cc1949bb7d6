/** Decodes pictures away from the page's thread. One message in, one out, matched by id. */

export interface DecodeRequest {
  id: number;
  image: Uint8Array<ArrayBuffer>;
  type: string;
}

export type DecodeReply = { id: number; bitmap: ImageBitmap } | { id: number; error: string };

const scope = self as unknown as {
  onmessage: ((event: MessageEvent<DecodeRequest>) => void) | null;
  postMessage(reply: DecodeReply, transfer: Transferable[]): void;
};

scope.onmessage = async ({ data: { id, image, type } }) => {
  try {
    const bitmap = await createImageBitmap(new Blob([image], { type }));
    scope.postMessage({ id, bitmap }, [bitmap]);
  } catch (error) {
    scope.postMessage({ id, error: String(error) }, []);
  }
};
