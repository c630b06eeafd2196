// In the audio thread: frames of 100 ms, interleaved, as raw float32, with each channel's peak.
// The first sound says how many channels there are. What is silent has none to tell, unless `quiet`
// says that silence counts: a file's node is stereo until the file plays.

class Frames extends AudioWorkletProcessor {
  constructor({ processorOptions: { quiet } }) {
    super();
    Object.assign(this, { quiet, channels: 0, chunk: null, peaks: null, filled: 0, flowing: true, over: false });
    this.port.onmessage = ({ data }) => {
      if (data === "pause") this.flowing = false;
      if (data === "go on") this.flowing = true;
      if (data === "end") { this.hand(); this.over = true; this.port.postMessage({ end: true }); }
    };
  }

  tells(input) {
    return input.length > 0 && (this.quiet || input.some((samples) => samples.some((value) => value !== 0)));
  }

  begin(channels) {
    this.channels = channels;
    this.length = Math.round(sampleRate / 10) * channels;
    this.fresh();
    this.port.postMessage({ channels });
  }

  fresh() {
    this.chunk = new Float32Array(this.length);
    this.peaks = new Float32Array(this.channels);
    this.filled = 0;
  }

  hand() {
    if (!this.filled) return;
    const { buffer } = this.filled === this.length ? this.chunk : this.chunk.slice(0, this.filled);
    this.port.postMessage({ frames: buffer, peaks: this.peaks }, [buffer]);
    this.fresh();
  }

  process([input]) {
    if (this.over) return false;
    if (!this.flowing) return true;
    if (!this.channels && this.tells(input)) this.begin(input.length);
    if (!this.channels) return true;
    const frames = input.length ? input[0].length : 128;
    for (let at = 0; at < frames; at++) {
      for (let channel = 0; channel < this.channels; channel++) this.put(channel, input[channel] ?? (input.length === 1 ? input[0] : undefined), at);
      if (this.filled === this.length) this.hand();
    }
    return true;
  }

  put(channel, samples, at) {
    const value = samples ? samples[at] : 0;
    this.chunk[this.filled++] = value;
    const size = Math.abs(value);
    if (size > this.peaks[channel]) this.peaks[channel] = size;
  }
}

registerProcessor("loudscope-frames", Frames);
