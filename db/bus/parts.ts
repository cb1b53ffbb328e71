/**
 * A NOTIFY carries less than 8000 bytes. What is longer goes in parts, which one statement sends: Postgres delivers them
 * together and in order, so one place to gather them is enough for each channel.
 */
export function toParts(message: string): readonly string[] | null {
  if (message.length < PART_CHARACTERS && Buffer.byteLength(message) < PART_CHARACTERS) return [`${WHOLE}${message}`];
  // Of base64 every cut is text.
  const encoded = Buffer.from(message).toString('base64');
  if (encoded.length > MAX_CHARACTERS) return null;
  const parts: string[] = [];
  for (let at = 0; at < encoded.length; at += PART_CHARACTERS) {
    const isLast = at + PART_CHARACTERS >= encoded.length;
    const type = at === 0 ? FIRST : isLast ? LAST : NEXT;
    // Their number makes all different: of equal payloads of one transaction Postgres delivers one.
    parts.push(`${type}${parts.length} ${encoded.slice(at, at + PART_CHARACTERS)}`);
  }
  return parts;
}

/** Takes one part after the other, and gives each message that is whole. */
export function createGatherer(): (part: string) => string | null {
  let gathered: string[] | null = null;
  return (part) => {
    const type = part.charAt(0);
    if (type === WHOLE) return part.slice(1);
    const rest = part.slice(part.indexOf(' ') + 1);
    if (type === FIRST) gathered = [rest];
    // The beginning was told before we listened.
    else if (gathered === null) return null;
    else gathered.push(rest);
    if (type !== LAST || gathered === null) return null;
    const message = Buffer.from(gathered.join(''), 'base64').toString();
    gathered = null;
    return message;
  };
}

const WHOLE = '=';
const FIRST = '<';
const NEXT = '+';
const LAST = '>';

const PART_CHARACTERS = 7_800;
/** The queue of NOTIFY is shared by all databases of the server, and every commit that notifies takes one lock. */
const MAX_CHARACTERS = 1024 ** 2;
