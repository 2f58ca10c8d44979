# gdb: what struct-history recorded in a program of JavaScript, in a core or in a live process, with neither symbols nor shdb.
#
#   gdb -q -c core -x struct-history.py          gdb -q -p PID -x struct-history.py
#   (gdb) struct-history lists
#   (gdb) struct-history history 0x7f95acf6ea60
#   (gdb) struct-history save conns.shdump       a dump for shdb, which shows far more
#
# docs/FORMAT.md has the layout. Python 3.6 and later, gdb 8 and later. Version 1 of the format.

import json
import os
import re
import struct

import gdb

CHUNK = 65536
BLOCK = 512
HISTORY = 128
EVENT = 28
EVENTS_PER_BLOCK = 17
FORMAT_VERSION = 1
# XOR-ed, so that the magic stands in no memory of gdb itself.
MASK = 0x5A5A5A5A
MAGIC = struct.pack('<4I', *(word ^ MASK for word in (0x282E29D3, 0x772E392F, 0x2E293332, 0x50232835)))
CHUNK_MAGIC = 0x31393229 ^ MASK
CLASS_HISTORIES = 4
# No verb has this number.
LOST = -1


def weighted(data, seed=0, skipped=()):
    """Words times odd constants, added up modulo 2^32."""
    padded = data + b'\0' * (-len(data) % 4)
    total = seed
    for i, (word,) in enumerate(struct.iter_unpack('<I', padded)):
        if 4 * i not in skipped:
            total += word * (0x01000193 + 2 * i)
    return (total & 0xFFFFFFFF) or 1


def regions():
    """(start, end) of writable memory that is not code: of a core, or of a live process."""
    live = re.compile(r'^\s*(0x[0-9a-f]+)\s+(0x[0-9a-f]+)\s+0x[0-9a-f]+\s+0x[0-9a-f]+\s+(\S+)')
    core = re.compile(r'(0x[0-9a-f]+)->(0x[0-9a-f]+) at 0x[0-9a-f]+: load\S* (.*)')
    connection = gdb.selected_inferior().connection
    if connection is not None and connection.type == 'native':
        for line in gdb.execute('info proc mappings', to_string=True).splitlines():
            match = live.match(line)
            if match and match.group(3).startswith('rw-'):
                yield int(match.group(1), 16), int(match.group(2), 16)
        return
    for line in gdb.execute('maintenance info sections', to_string=True).splitlines():
        match = core.search(line)
        if not match or 'HAS_CONTENTS' not in match.group(3):
            continue
        if 'READONLY' not in match.group(3) and 'CODE' not in match.group(3).replace('CODE_', ''):
            yield int(match.group(1), 16), int(match.group(2), 16)


def memory(address, length):
    try:
        return bytes(gdb.selected_inferior().read_memory(address, length))
    except gdb.MemoryError:
        return b''


def header_at(address, end):
    """Bytes of the image at an address, 0 where none proves itself."""
    if memory(address, 16) != MAGIC:
        return 0
    head = memory(address, 256)
    if len(head) < 256:
        return 0
    version, check, budget = struct.unpack_from('<3I', head, 16)
    if weighted(head[:128], skipped=(16, 20)) != check:
        return 0
    if version != FORMAT_VERSION:
        raise gdb.GdbError('struct-history: format %d at 0x%x, and this file knows %d' % (version, address, FORMAT_VERSION))
    chunks = struct.unpack_from('<I', head, 192)[0]
    if not 1 <= chunks <= budget or address + chunks * CHUNK > end:
        return 0
    return chunks * CHUNK


def starts(runs):
    """Where engines put a shared memory: at the start of a mapping, or a page behind it."""
    for _, end, begins in runs:
        for start in begins:
            yield start, end
            yield start + 0x1000, end


def strides(runs):
    """In mappings that have merged with their neighbours: at those places modulo 64 KiB."""
    for start, end, _ in runs:
        for address in range(start - start % CHUNK, end, CHUNK):
            for at in (address, address + 0x1000):
                if start < at < end:
                    yield at, end


def find_images():
    # Mappings that follow one another are one memory: they differ in what they were mapped for.
    runs = []
    for start, end in sorted(regions()):
        if runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end, runs[-1][2] + [start])
        else:
            runs.append((start, end, [start]))
    found = {}
    for places in (starts, strides):
        for address, end in places(runs):
            size = header_at(address, end)
            if size:
                found[address] = size
        # To look everywhere in gigabytes takes gdb long.
        if found:
            break
    images = {}
    for base, size in found.items():
        image = Image(base, memory(base, size))
        # A snapshot that somebody kept in the heap is a copy of its recorder: the one whose clock went on is it.
        other = images.get(image.recorder_id)
        if other is None or image.clock > other.clock:
            images[image.recorder_id] = image
    return sorted(images.values(), key=lambda image: image.started)


class Image:
    def __init__(self, base, data):
        self.base = base
        self.data = data
        self.recorder_id, self.started = self.at('<Qd', 32)
        self.pid, length = self.at('<2I', 48)
        self.name = data[56:56 + min(length, 64)].decode('utf-8', 'replace')
        self.clock = self.at('<q', 128)[0]

    def at(self, form, offset):
        try:
            return struct.unpack_from(form, self.data, offset)
        except struct.error:
            return tuple(0 for _ in struct.unpack(form, bytes(struct.calcsize(form))))

    def u32(self, offset):
        return self.at('<I', offset)[0]

    def string(self, number):
        if number == 0:
            return ''
        chunk = self.u32(1536 + 4 * (number >> 13))
        offset = chunk * CHUNK + ((number & 8191) << 3)
        check, length = self.at('<2I', offset)
        text = self.data[offset + 8:offset + 8 + min(length, 4096)]
        if chunk == 0 or len(text) != length or weighted(text) != check:
            return '<string %d>' % number
        return text.decode('utf-8', 'replace')

    def verb(self, number):
        return '<verb lost>' if number == LOST else self.string(self.u32(4096 + 8 * number)) or 'verb %d' % number

    def statement(self, number):
        """The number of the verb, and the format."""
        offset = number & 8191
        if offset < 8:
            return number >> 13 << 3 | offset, ''
        text = self.string(number)
        digits = [ord(each) - 64 for each in text[:2]]
        if len(digits) < 2 or not all(0 <= digit < 32 for digit in digits):
            return LOST, '<format lost>'
        # Behind a NUL stands where it was logged.
        return digits[0] << 5 | digits[1], text[2:].split('\0')[0]

    def is_pinned(self, verb):
        return 0 if verb == LOST else self.u32(4096 + 8 * verb + 4) >> 8 & 1

    def thread(self, number):
        """(pid, tid)"""
        chunk = self.u32(1024 + 4 * (number // 1023))
        offset = chunk * CHUNK + 64 + 64 * (number % 1023)
        written, pid, tid = self.at('<3I', offset)
        return (pid, tid) if chunk and written == number + 1 else (self.pid, number)

    def lists(self):
        for i in range(255):
            number = self.u32(2048 + 4 * i)
            if number == 0:
                return
            yield List(self, number - 1)

    def histories(self):
        lists = {each.number: each for each in self.lists()}
        for chunk in range(1, len(self.data) // CHUNK):
            magic, number, kind = self.at('<3I', chunk * CHUNK)
            if (magic, number, kind) != (CHUNK_MAGIC, chunk, CLASS_HISTORIES):
                continue
            for slot in range(chunk * CHUNK + HISTORY, (chunk + 1) * CHUNK, HISTORY):
                control = self.u32(slot)
                owner = self.at('<H', slot + 56)[0]
                generation = self.u32(slot + 16)
                if control & 1 and owner in lists and control >> 16 == generation & 0xFFFF:
                    yield History(self, slot, lists[owner])


class List:
    def __init__(self, image, number):
        self.number = number
        at = 16384 + 128 * number
        self.name = image.string(image.u32(at))
        self.enabled, _, self.window = image.at('<3I', at + 8)
        self.max_events = image.u32(at + 28)
        self.first_blocks = image.u32(at + 36)
        self.levels = image.u32(at + 44)
        self.pushed = image.at('<Q', at + 64)[0]


class History:
    def __init__(self, image, slot, owner):
        self.image = image
        self.slot = slot
        self.list = owner
        self.control, self.claimed = image.at('<2I', slot)
        self.generation = image.u32(slot + 16)
        self.handle = self.generation * 2 ** 24 + slot // HISTORY
        self.seed = image.u32(slot + 20)
        self.order = image.at('<Q', slot + 80)[0]

    def owns(self, block):
        owner, generation = self.image.at('<2I', block + 8)
        return owner == self.list.number << 24 | self.slot // HISTORY and generation == self.generation

    def follow(self, entry):
        """The block that an entry names, 0 if it has gone to somebody else."""
        (word,) = self.image.at('<Q', entry)
        block = (word & 0x3FFFFF) * BLOCK
        # How often it had been taken, in 16 bits.
        if block < CHUNK or (self.image.u32(block + 4) ^ word >> 23) & 0xFFFF or not self.owns(block):
            return 0
        return block

    def object(self):
        push = self.image.at('<I', self.slot + 60)[0]
        kind, length = push & 7, push >> 3 & 0x1FF
        if kind in (1, 2, 6):
            value = self.image.at('<Q' if kind == 6 else '<q', self.slot + 64)[0]
            return '0x%x' % value if value >= 0 else str(value)
        if kind == 3:
            value = self.image.at('<d', self.slot + 64)[0]
            return str(int(value)) if value.is_integer() else repr(value)
        at = self.slot + 92
        if kind == 5:
            block = self.image.at('<Q', self.slot + 64)[0]
            at = block + 32 if self.owns(block) else len(self.image.data)
        return self.image.data[at:at + min(length, 480)].decode('utf-8', 'replace')

    def state(self):
        refs = (self.control >> 4 & 0xFFF) + (0 if self.control & 4 else 1)
        word = 'ended' if self.control & 2 else 'released' if refs == 0 else 'live'
        return '%s%s, ref %d' % (word, ', pinned' if self.control & 8 else '', refs)

    def blocks(self):
        """(ordinal, block, the flag that commits an event in there), by ordinals."""
        entries = [self.slot + 24, self.slot + 32]
        directory = self.follow(self.slot + 40)
        if directory:
            rows = [directory + 32 + 8 * i for i in range(60)]
            if self.list.levels == 2:
                uppers = [self.follow(row) for row in rows]
                rows = [upper and upper + 32 + 8 * i for upper in uppers for i in range(60)]
            entries += rows
        found = {}
        for k, entry in enumerate(entries):
            block = entry and self.follow(entry)
            if block:
                (word,) = self.image.at('<Q', entry)
                found[block] = self.ordinal(k, word >> 39), block, Event.MARKS[word >> 22 & 1]
        kept = self.follow(self.slot + 48)
        while kept and kept not in found and self.owns(kept):
            # What the entries of others tell, the headers of these do.
            found[kept] = self.image.u32(kept + 16), kept, Event.MARKS[self.image.u32(kept) >> 11 & 1]
            kept = self.image.u32(kept + 20) * BLOCK
        return sorted(found.values())

    def ordinal(self, k, low):
        """The whole one, of which entry k has the low 25 bits: the first quarter stays, the others are near the newest."""
        newest = self.claimed // EVENTS_PER_BLOCK
        return k if k < self.list.first_blocks else newest + (low - newest + 2 ** 24) % 2 ** 25 - 2 ** 24

    def events(self):
        """Whole events, each with what is missing before it; and at the end what is missing there."""
        expected = 0
        time = 0
        before = None
        # The first quarter and the last three quarters are promised; between them, what verbs have pinned.
        first_kept = self.list.max_events // 4
        last_kept = self.claimed - (self.list.max_events - first_kept)
        for ordinal, block, mark in self.blocks():
            first = ordinal * EVENTS_PER_BLOCK
            for place in range(EVENTS_PER_BLOCK):
                index = first + place
                if index >= self.claimed or index < expected:
                    continue
                event = Event(self, block + 32 + EVENT * place, index, mark)
                is_fallen = first_kept <= index < last_kept
                if not event.is_whole or (is_fallen and not self.image.is_pinned(event.verb)):
                    continue
                time = event.time = max(time, event.time)
                event.lost = index - expected
                expected = index + 1
                if event.is_repeat and before is not None and event.lost == 0:
                    # Equal events that were folded are one, with a count.
                    before.count += event.count
                    continue
                if before is not None:
                    yield before
                before = event
        if before is not None:
            yield before
        self.lost_at_end = self.claimed - expected


class Event:
    # The flag that commits an event, by the parity of its block.
    MARKS = (4, 8)
    TAGS_TEXT = 0xE
    TAGS_REPEAT = 0xF
    # The lowest tag alone: a string that stands in the words.
    TAG_SHORT = 0xD

    def __init__(self, history, at, index, mark):
        self.image = history.image
        self.history = history
        self.at = at
        self.index = index
        check, low, self.high, self.what, *self.words = self.image.at('<7I', at)
        self.flags = check & 15
        self.tags = self.what & 0xFFF
        self.is_repeat = self.tags == self.TAGS_REPEAT
        # How often it was repeated is still changed afterwards, so it is in no sum.
        words = [0, 0, 0] if self.is_repeat else self.words
        total = history.seed + sum(
            value * weight
            for value, weight in zip(
                (self.flags, low, self.high, self.what, *words, index),
                (0x1E3779B1, 0x05EBCA77, 0x42B2AE3D, 0x27D4EB2F, 0x165667B1, 0x53A2646D, 0x7D7046C5, 0x355A4F09),
            )
        )
        # What the turn before has left in the block has the other mark. Of another life, of another place, or only half
        # written: the sum does not fit.
        self.is_whole = self.flags & 12 == mark and total & 0xFFFFFFF0 | self.flags == check
        self.verb, self.format = self.image.statement(self.what >> 12) if self.is_whole else (LOST, '')
        self.time = (self.high & 0xFFFF) << 32 | low
        self.lost = 0
        self.count = 1 + (self.folded() if self.is_repeat else 0)

    def folded(self):
        """Further repeats: in the first eight bytes of the words that lie on a multiple of eight."""
        word = self.image.at('<Q', (self.at + 16 + 7) // 8 * 8)[0]
        is_own = word >> 48 == (self.history.seed + self.index * 0x355A4F09 & 0xFFFFFFFF) >> 16
        return word >> 32 & 0xFFFF if is_own else 0

    def arguments(self):
        if self.tags != self.TAGS_TEXT:
            data = struct.pack('<3I', *self.words)
            if self.tags & 15 == self.TAG_SHORT:
                return self.format, [short_string(data, self.tags)]
            tags = [self.tags >> shift & 15 for shift in (0, 4, 8)]
            return self.format, Run(self.image, data).values(tags)
        data = self.text()
        if data is None:
            return self.format, ['<text lost>']
        form, values = Run(self.image, data).tagged()
        return form if form is not None else self.format, values

    def text(self):
        address = self.words[0]
        block = address - address % BLOCK
        if address < CHUNK or not self.history.owns(block):
            return None
        check, length = self.image.at('<2I', address)
        if length > 16384:
            return None
        data = self.image.data[address + 8:min(block + BLOCK, address + 8 + length)]
        while len(data) < length:
            block = self.image.u32(block + 20) * BLOCK
            if block < CHUNK or not self.history.owns(block):
                return None
            data += self.image.data[block + 32:block + 32 + min(BLOCK - 32, length - len(data))]
        return data if weighted(data, self.index * 0x355A4F09) == check else None

    def __str__(self):
        pid, tid = self.image.thread(self.high >> 16)
        try:
            text = self.format + ' <arguments lost>' if self.is_repeat else printf(*self.arguments())
        except (struct.error, KeyError, ValueError, OverflowError) as error:
            text = '<%s>' % error
        late = ' <after end>' if self.flags & 1 else ' <after last unref>' if self.flags & 2 else ''
        count = ' × %d' % self.count if self.count > 1 else ''
        return '{verb = %s, t = %d, pid = %d, tid = %d, log = 0x%x %s}%s%s' % (
            self.image.verb(self.verb), self.time, pid, tid, self.image.base + self.at,
            json.dumps(text, ensure_ascii=False), count, late)


def short_string(data, tags):
    length, form = (tags >> 4 & 15) + 1, tags >> 8
    if form == 0 and length <= 12:
        return data[:length].decode('utf-8', 'replace')
    if form not in (1, 2):
        raise ValueError('short string of form %d' % form)
    # Six bits each: digits and signs, and letters of one case.
    bits = int.from_bytes(data, 'little')
    codes = [bits >> 6 * n & 63 for n in range(length)]
    letters = 0x40 if form == 1 else 0x60
    return ''.join(chr(code + 32 if code < 32 else letters + code % 32) for code in codes)


class Run:
    """Typed arguments, one after the other."""

    def __init__(self, image, data):
        self.image = image
        self.data = data
        self.next = 0

    def take(self, form):
        size = struct.calcsize(form)
        (value,) = struct.unpack_from(form, self.data, self.next)
        self.next += size
        return value

    def value(self, tag):
        if tag in (5, 6, 7, 8):
            return {5: None, 6: 'undefined', 7: True, 8: False}[tag]
        if tag == 4:
            return self.image.string(self.take('<I'))
        if tag in (9, 10, 11):
            kept, cut = self.take('<I'), self.take('<I')
            text = self.data[self.next:self.next + kept].decode('utf-8', 'replace')
            self.next += kept
            return text + ('…+%dB' % cut if cut else '')
        value = self.take({1: '<i', 2: '<d', 3: '<q', 13: '<Q'}[tag])
        # JavaScript knows no difference between 5 and 5.0.
        return int(value) if tag == 2 and value.is_integer() else value

    def values(self, tags):
        return [self.value(tag) for tag in tags if tag]

    def tagged(self):
        form, values = None, []
        while self.next < len(self.data):
            tag = self.take('<B')
            if tag == 0:
                break
            if tag == 11:
                form = self.value(tag).split('\0')[0]
            elif tag == 12:
                self.take('<I')
            elif tag > 13:
                raise ValueError('argument of kind %d' % tag)
            else:
                values.append(self.value(tag))
        return form, values


CONVERSION = re.compile(r'%([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?(?:hh|h|ll|l|j|z|t|L|q)?([a-zA-Z%])')


def printf(form, values):
    """C's printf, as far as the types fit; else the value as it is."""
    values = list(values)

    def one(match):
        flags, width, precision, kind = match.groups()
        if kind == '%':
            return '%'
        if width == '*':
            width = str(values.pop(0)) if values else ''
        if precision == '*':
            precision = str(values.pop(0)) if values else None
        if not values:
            return '<missing %s>' % match.group(0)
        value = values.pop(0)
        spec = '%' + flags + width[:4] + ('' if precision is None else '.' + precision[:4])
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if kind in 'diu' and isinstance(value, int) and is_number:
            return (spec + 'd') % value
        if kind in 'xXo' and isinstance(value, int) and is_number:
            return (spec + kind) % (value & (0xFFFFFFFF if -2 ** 31 <= value < 0 else 0xFFFFFFFFFFFFFFFF))
        if kind == 'p' and isinstance(value, int) and is_number:
            return ('%' + flags + width + 's') % ('0x%x' % (value & 0xFFFFFFFFFFFFFFFF))
        if kind == 'c' and isinstance(value, int) and 0 <= value < 0x110000:
            return chr(value)
        if kind in 'fFeEgG' and is_number:
            return (spec + kind) % value
        shown = {True: 'true', False: 'false', None: 'null'}.get(value, value) if not is_number else value
        text = json.dumps(shown) if kind == 'j' and isinstance(value, str) and value[:1] not in '{[' else str(shown)
        return ('%' + flags.replace('0', '') + width[:4] + ('s' if kind != 's' or precision is None else '.' + precision + 's')) % text

    text = CONVERSION.sub(one, form)
    return text if not values else '%s (extra: %s)' % (text, ', '.join(str(each) for each in values))


def images():
    found = find_images()
    if not found:
        raise gdb.GdbError('No recorder of struct-history in this %s.' % (
            'process' if gdb.selected_inferior().pid else 'core: use "core-file" or "attach" first'))
    return found


class StructHistory(gdb.Command):
    """Show what struct-history recorded in this process or core.

struct-history lists -- Recorders and their lists of histories.
struct-history history OBJ -- The whole life of an object, event by event.
struct-history save FILE -- Write the recorder as a dump, for shdb."""

    def __init__(self):
        super().__init__('struct-history', gdb.COMMAND_DATA, gdb.COMPLETE_NONE, True)


class Lists(gdb.Command):
    """Show the recorders and their lists of histories.
Usage: struct-history lists"""

    def __init__(self):
        super().__init__('struct-history lists', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for image in images():
            print('recorder "%s", pid %d, %d KiB at 0x%x' % (image.name, image.pid, len(image.data) // 1024, image.base))
            counts = {}
            for history in image.histories():
                counts[history.list.number] = counts.get(history.list.number, 0) + 1
            for each in image.lists():
                print('  %3d  %-20s %8d histories, window %s, %d pushed%s' % (
                    each.number, each.name, counts.get(each.number, 0), each.window or 'all', each.pushed,
                    '' if each.enabled else ', off'))


class Life(gdb.Command):
    """Print the whole life of an object.
Usage: struct-history history OBJ
OBJ is the object as it was pushed: an address, a number or a string."""

    def __init__(self):
        super().__init__('struct-history history', gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        wanted = argument.strip().strip('"')
        if not wanted:
            raise gdb.GdbError('Argument required (an object).')
        try:
            number = int(wanted, 0)
            names = {wanted, '0x%x' % number if number >= 0 else str(number)}
        except ValueError:
            names = {wanted}
        lives = [history for image in images() for history in image.histories() if history.object() in names]
        if not lives:
            raise gdb.GdbError('No history of object %s.' % wanted)
        for history in sorted(lives, key=lambda each: each.order):
            print('%s %s #%d: %s' % (history.list.name, history.object(), history.handle, history.state()))
            shown = 0
            for event in history.events():
                if event.lost:
                    print('- %d events lost (#%d-#%d) -' % (event.lost, event.index - event.lost, event.index - 1))
                print('#%d  %s' % (event.index, event))
                shown += 1
            if history.lost_at_end > 0:
                print('- %d events lost at the end -' % history.lost_at_end)
            print('%d of %d events' % (shown, history.claimed))


class Save(gdb.Command):
    """Write the recorder to a new file, which shdb opens.
Usage: struct-history save FILE"""

    def __init__(self):
        super().__init__('struct-history save', gdb.COMMAND_DATA, gdb.COMPLETE_FILENAME)

    def invoke(self, argument, from_tty):
        path = os.path.expanduser(argument.strip())
        if not path:
            raise gdb.GdbError('Argument required (a file to write).')
        found = images()
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise gdb.GdbError('%s: %s' % (path, error.strerror))
        with os.fdopen(descriptor, 'wb') as file:
            for image in found:
                file.write(image.data)
        print('%s: %d recorders' % (path, len(found)))


StructHistory()
Lists()
Life()
Save()
