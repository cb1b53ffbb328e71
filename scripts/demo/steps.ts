import type { OutputStream } from '../../cli/output/terminal.js';

/** Says what is being done, and how long it took. */
export interface Steps {
  /** Runs `work` as a step. When it fails, the line says so and the error goes on. */
  run<T>(what: string, work: (progress: (text: string) => void) => Promise<T>): Promise<T>;
}

export function createSteps(out: OutputStream, now: () => number): Steps {
  const isTerminal = out.isTTY === true;
  return {
    async run(what, work) {
      const startedMs = now();
      let detail = '';
      let frame = 0;
      const seconds = () => `${((now() - startedMs) / 1000).toFixed(1)} s`;
      const paint = () => {
        frame += 1;
        const line = `${frames[frame % frames.length]} ${what} … ${seconds()}${detail === '' ? '' : `  ${detail}`}`;
        out.write(`\r\u001b[2K${line.slice(0, (out.columns ?? 80) - 1)}`);
      };
      const timer = isTerminal ? setInterval(paint, FRAME_MS) : null;
      if (!isTerminal) out.write(`  ${what} …\n`);
      const end = (mark: string) => {
        if (timer) clearInterval(timer);
        out.write(`${isTerminal ? '\r\u001b[2K' : ''}${mark} ${what}  ${seconds()}\n`);
      };
      try {
        const result = await work((text) => {
          detail = text;
        });
        end('✔');
        return result;
      } catch (error) {
        end('✘');
        throw error;
      }
    },
  };
}

const FRAME_MS = 100;
const frames = [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'];
