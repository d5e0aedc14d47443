import { type MessagePort, workerData } from "node:worker_threads";

/** One request, as {@link SyncHttp} hands it over. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly body: string | undefined;
}

/** How it was answered; status 0 when it was not. */
export interface Told {
  readonly status: number;
  readonly text: string;
}

const { port, flag } = workerData as { readonly port: MessagePort; readonly flag: Int32Array };

port.on("message", (asked: Asked) => {
  void told(asked).then((answer) => {
    port.postMessage(answer);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
});

async function told({ method, url, body }: Asked): Promise<Told> {
  try {
    const response = await fetch(url, body === undefined ? { method } : { method, body });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    return { status: 0, text: String(error) };
  }
}
