/** Runs on the audio thread: a small store of samples that evens out how unevenly a network delivers them.
 *
 * Starts when START_S are stored, again after it ran dry; lets the oldest go above LIMIT_S, so that listening
 * stays live.
 */

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const START_S = 0.12;
const LIMIT_S = 0.6;

class Playback extends AudioWorkletProcessor {
  private blocks: [Float32Array, Float32Array][] = [];
  private offset = 0;
  private stored = 0;
  private playing = false;

  constructor() {
    super();
    this.port.onmessage = (event: MessageEvent<[Float32Array, Float32Array]>) => {
      this.blocks.push(event.data);
      this.stored += event.data[0].length;
      while (this.stored > LIMIT_S * sampleRate && this.blocks.length > 1) this.drop();
    };
  }

  private drop(): void {
    const gone = this.blocks.shift();
    if (gone) this.stored -= gone[0].length - this.offset;
    this.offset = 0;
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const left = outputs[0]?.[0];
    const right = outputs[0]?.[1];
    if (!left || !right) return true;
    if (!this.playing && this.stored < START_S * sampleRate) return true;
    this.playing = true;
    let written = 0;
    while (written < left.length) {
      const block = this.blocks[0];
      if (!block) {
        this.playing = false;
        break;
      }
      const part = Math.min(left.length - written, block[0].length - this.offset);
      left.set(block[0].subarray(this.offset, this.offset + part), written);
      right.set(block[1].subarray(this.offset, this.offset + part), written);
      written += part;
      this.offset += part;
      this.stored -= part;
      if (this.offset >= block[0].length) {
        this.blocks.shift();
        this.offset = 0;
      }
    }
    return true;
  }
}

registerProcessor("tapeline-playback", Playback);

export {};
