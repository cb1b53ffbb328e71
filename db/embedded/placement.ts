import { createHash, randomBytes } from 'node:crypto';
import { chown, cp, lstat, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Log } from '../../lib/log.js';
import { type Binaries, binariesIn } from './binaries.js';

/** Where the parts of an embedded server are, and as whom it runs. */
export interface Placement {
  /** What the caller named; holds notes of ours, and the rest where that is possible. */
  readonly folder: string;
  /** Holds all files of the server: the data and, if its path is short enough, the socket. */
  readonly homeFolder: string;
  readonly dataFolder: string;
  readonly socketFolder: string;
  readonly logFile: string;
  readonly binaries: Binaries;
  /** As whom the programs run; null: as we do. Postgres refuses to run as root. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
}

/**
 * Decides the places and makes the folders. As root the server runs as `postgres` or `nobody`, who must be able to
 * reach its programs and its data: what lies below a closed folder goes to /var/tmp, under a name made of the folder's.
 */
export async function placeEmbedded(named: string, found: Binaries, log: Log): Promise<Placement> {
  const folder = resolve(named);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const user = process.getuid?.() === 0 ? await unprivilegedUser() : null;
  const inside = join(folder, 'server');
  const home = user === null || (await isReachable(folder, user)) ? inside : await elsewhere(folder);
  if (home !== inside) {
    log.info('The user that Postgres runs as cannot reach this folder: its data is elsewhere', { folder, data: home });
  }
  await makeOwned(home, user);
  // Who finds a folder in /var/tmp wants to know whose it is.
  if (home !== inside) await writeFile(join(home, 'belongs-to'), folder);
  return {
    folder,
    homeFolder: home,
    dataFolder: join(home, 'data'),
    socketFolder: await socketFolderFor(home, user),
    logFile: join(folder, 'server.log'),
    binaries: user === null || (await isReachable(found.root, user)) ? found : await copyBinaries(found, log),
    user,
  };
}

/** Survives a restart of the machine and is reachable for everybody. */
const SHARED = '/var/tmp';

/** Room for a socket's path: 104 bytes on macOS, 108 on Linux (sockaddr_un), less `/.s.PGSQL.5432` and the final zero. */
const LONGEST_SOCKET_FOLDER = 104 - 15;

type User = { readonly uid: number; readonly gid: number };

async function unprivilegedUser(): Promise<User> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const line = lines.find((fields) => fields[0] === name);
    if (line) return { uid: Number(line[2]), gid: Number(line[3]) };
  }
  throw new Error(
    'Postgres refuses to run as root, and this machine has neither a user postgres nor nobody to run it as. ' +
      'Add one (useradd --system postgres), start Portolan as an ordinary user, or set DATABASE_URL.',
  );
}

/**
 * A folder of /var/tmp whose name is noted in `folder`: who removes `folder` and starts again gets a new database, not
 * the old one without its encryption key.
 */
async function elsewhere(folder: string): Promise<string> {
  const note = join(folder, 'data-is-in');
  const noted = await readFile(note, 'utf8').catch(() => null);
  if (noted !== null) return noted.trim();
  const chosen = join(SHARED, `portolan-postgres-${hashOf(folder)}-${randomBytes(4).toString('hex')}`);
  // `wx`: of two that start at once, the second takes what the first wrote.
  const isFirst = await writeFile(note, chosen, { flag: 'wx', mode: 0o600 }).then(
    () => true,
    () => false,
  );
  return isFirst ? chosen : (await readFile(note, 'utf8')).trim();
}

/** Whether `user` may enter `path` and all folders above it. */
async function isReachable(path: string, user: User): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if (!(mode & bit)) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** A folder that only `user` can enter. Refuses one that somebody else put there: it could be a trap. */
async function makeOwned(folder: string, user: User | null): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder);
  const ours = [process.getuid?.() ?? 0, ...(user ? [user.uid] : [])];
  if (!found.isDirectory() || !ours.includes(found.uid)) {
    throw new Error(`${folder} belongs to somebody else. Look at it, remove it, and start again.`);
  }
  if (user && found.uid !== user.uid) await chown(folder, user.uid, user.gid);
}

async function socketFolderFor(home: string, user: User | null): Promise<string> {
  const near = join(home, 'run');
  const folder =
    Buffer.byteLength(near) <= LONGEST_SOCKET_FOLDER ? near : join(shortTemporary(), `portolan-${hashOf(home)}`);
  await makeOwned(folder, user);
  return folder;
}

function shortTemporary(): string {
  return Buffer.byteLength(tmpdir()) <= LONGEST_SOCKET_FOLDER - 24 ? tmpdir() : '/tmp';
}

/** The programs find lib/ and share/ beside themselves, so they move as a whole, once for each version. */
async function copyBinaries(found: Binaries, log: Log): Promise<Binaries> {
  const root = join(SHARED, `portolan-postgres-${found.version}-${process.getuid?.() ?? 0}`);
  const copy = binariesIn(root, found.version);
  const existing = await lstat(root).catch(() => null);
  if (existing) {
    if (existing.isDirectory() && existing.uid === process.getuid?.()) return copy;
    throw new Error(`${root} belongs to somebody else. Look at it, remove it, and start again.`);
  }
  log.info('The user that Postgres runs as cannot reach its programs: copying them', { from: found.root, to: root });
  const partial = `${root}.new-${process.pid}`;
  await cp(found.root, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, root).catch(() => rm(partial, { recursive: true, force: true }));
  return copy;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
