// SPDX-License-Identifier: GPL-3.0-or-later
/** A command in a container, as qubes.VMShell and qubes.VMRootShell run one. */
import { spawn } from "node:child_process";
import { once } from "node:events";

export interface Inside {
  readonly status: number;
  /** Byte for byte, each as one character (latin1). */
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a shell command as a user of the container whose PID 1 is given, in the user's home, with what comes on standard input. */
export async function inside(
  pid: number,
  user: string,
  command: string,
  input: string,
  timeout: number,
): Promise<Inside> {
  const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const words = [
    "-t",
    String(pid),
    "-a",
    "env",
    "-i",
    `PATH=${path}`,
    "LC_ALL=C.UTF-8",
    `USER=${user}`,
    `LOGNAME=${user}`,
  ];
  words.push(user === "root" ? "HOME=/root" : `HOME=/home/${user}`);
  if (user !== "root") words.push("runuser", "-u", user, "--");
  const child = spawn("nsenter", [...words, "bash", "-c", `cd; ${command}`], { timeout, killSignal: "SIGKILL" });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString("latin1")));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString("latin1")));
  child.stdin.on("error", () => {});
  child.stdin.end(Buffer.from(input, "latin1"));
  const [status] = (await once(child, "close")) as [number | null];
  return { status: status ?? -1, stdout, stderr };
}
