#!/usr/bin/env python3
"""A second reader of images, written from docs/FORMAT.md alone, whose tables are its constants.

    python3 docs/format/read_image.py conns.shdump

prints each retained event as a line of JSON. It shows what the page is worth, not what a careful reader does: it stops at
what it does not believe, and knows neither repeats nor texts in several blocks. Python's standard library, nothing else.
"""
import json, re, struct, sys
from functools import lru_cache
from pathlib import Path

C = {}  # every named number of the page: an offset, a size, a mask
for row in re.findall(r"^\| (\S+) \|.*?`([A-Z][A-Z_0-9]+)` \|", Path(__file__).parents[1].joinpath("FORMAT.md").read_text(), re.M):
    if re.fullmatch(r"0x[0-9a-f]+|\d+", row[0]):
        C[row[1]] = int(row[0], 0)


class Image:
    def __init__(self, data):
        self.data = data
        words = [self.u32(4 * n) for n in range(C["HEADER_STATIC_BYTES"] // 4)]
        magic = [C[f"MASKED_MAGIC_{n}"] ^ C["MAGIC_MASK"] for n in range(4)]
        if words[:4] != magic or self.u32(C["HEADER_VERSION"]) != C["FORMAT_VERSION"]:
            raise SystemExit("not an image of format version %d" % C["FORMAT_VERSION"])
        words[C["HEADER_VERSION"] // 4] = words[C["HEADER_CHECK"] // 4] = 0
        if self.sum(words) != self.u32(C["HEADER_CHECK"]):
            raise SystemExit("the header's check is wrong")

    def u16(self, at): return struct.unpack_from("<H", self.data, at)[0]
    def u32(self, at): return struct.unpack_from("<I", self.data, at)[0]
    def u64(self, at): return struct.unpack_from("<Q", self.data, at)[0]

    @staticmethod
    def sum(words): return sum(w * (C["CHECK_BYTES"] + 2 * n) for n, w in enumerate(words)) % 2**32 or 1

    @lru_cache(None)
    def string(self, ident):
        if ident == 0: return ""
        shift = C["STRING_ID_CHUNK_SHIFT"]
        chunk = self.u32(C["STRING_CHUNKS"] + 4 * (ident >> shift)) * C["CHUNK_BYTES"]
        at = chunk + ((ident & ((1 << shift) - 1)) << C["STRING_UNIT_SHIFT"])
        length = self.u32(at + C["STRING_LENGTH"])
        raw = self.data[at + C["STRING_DATA"]:][:length]
        words = struct.unpack("<%dI" % (-(-length // 4)), raw + bytes(-length % 4))
        assert self.sum(words) == self.u32(at + C["STRING_CHECK"]), f"string {ident} is damaged"
        return raw.decode()

    @lru_cache(None)
    def thread(self, number):
        chunk = self.u32(C["THREAD_CHUNKS"] + 4 * (number // C["THREADS_PER_CHUNK"])) * C["CHUNK_BYTES"]
        at = chunk + C["CHUNK_HEADER_BYTES"] + number % C["THREADS_PER_CHUNK"] * C["THREAD_BYTES"]
        return {"thread": self.string(self.u32(at + C["THREAD_NAME"])), "pid": self.u32(at + C["THREAD_PID"]), "tid": self.u32(at + C["THREAD_TID"])}

    def histories(self):
        """Every slot that holds a life, as (address, list record), in the order of their pushes."""
        lists = [self.u32(C["LIST_TABLE"] + 4 * n) for n in range(C["LISTS_MAX"])]
        for number in lists[:lists.index(0)]:
            lives = []
            for chunk in range(C["CHUNK_BYTES"], len(self.data), C["CHUNK_BYTES"]):
                if self.u32(chunk + C["CHUNK_CLASS"]) != C["CLASS_HISTORIES"]: continue
                for at in range(chunk + C["HISTORY_BYTES"], chunk + C["CHUNK_BYTES"], C["HISTORY_BYTES"]):
                    control, generation = self.u64(at), self.u32(at + C["HISTORY_GENERATION"])
                    own = control & C["CONTROL_LIVE"] and control >> C["CONTROL_GENERATION_SHIFT"] & 0xFFFF == generation & 0xFFFF
                    if own and self.u16(at + C["HISTORY_LIST"]) == number - 1: lives.append(at)
            for at in sorted(lives, key=lambda at: self.u64(at + C["HISTORY_ORDER"])):
                yield at, C["LIST_RECORDS"] + (number - 1) * C["LIST_BYTES"]

    def object(self, at):
        kind, low = self.u32(at + C["HISTORY_PUSH"]) & C["PUSH_KIND_MASK"], at + C["HISTORY_OBJECT"]
        if kind == C["OBJECT_FLOAT"]: return struct.unpack_from("<d", self.data, low)[0]
        if kind in (C["OBJECT_STRING"], C["OBJECT_LONG_STRING"]):
            start = at + C["HISTORY_OBJECT_STRING"] if kind == C["OBJECT_STRING"] else self.u32(low) + C["BLOCK_HEADER_BYTES"]
            return self.data[start:][:self.u32(at + C["HISTORY_PUSH"]) >> C["PUSH_LENGTH_SHIFT"] & C["PUSH_LENGTH_MASK"]].decode()
        return hex(self.u64(low) if kind == C["OBJECT_UNSIGNED_BIGINT"] else struct.unpack_from("<q", self.data, low)[0])

    def block(self, entry_at, owner):
        """The block that an entry names, if it is still of this history; else 0."""
        entry = self.u64(entry_at)
        at = (entry & C["ENTRY_BLOCK_MASK"]) << C["BLOCK_SHIFT"]
        fresh = at and self.u32(at + C["BLOCK_STATE"] + 4) & C["ENTRY_TAKEN_MASK"] == entry >> C["ENTRY_TAKEN_SHIFT"] & C["ENTRY_TAKEN_MASK"]
        return at if fresh and (self.u32(at + C["BLOCK_OWNER"]) & 0xFFFFFF, self.u32(at + C["BLOCK_GENERATION"])) == owner else 0

    def event_block(self, at, listed, ordinal, owner):
        """The block, 0 if it is not there; and the flag by which its events are committed."""
        first, turn = self.u32(listed + C["LIST_FIRST_BLOCKS"]), self.u32(listed + C["LIST_TURN_BLOCKS"])
        k = ordinal if ordinal < first else first + (ordinal - first) % turn
        if k < C["HISTORY_INLINE_ENTRIES"]: word = at + C["HISTORY_ENTRIES"] + 8 * k
        else:
            k -= C["HISTORY_INLINE_ENTRIES"]
            directory = self.block(at + C["HISTORY_DIRECTORY"], owner)
            if directory and self.u32(listed + C["LIST_DIRECTORY_LEVELS"]) == 2:
                directory = self.block(directory + C["BLOCK_HEADER_BYTES"] + 8 * (k // C["DIRECTORY_ENTRIES"]), owner)
            if not directory: return 0, 0
            word = directory + C["BLOCK_HEADER_BYTES"] + 8 * (k % C["DIRECTORY_ENTRIES"])
        entry = self.u64(word)
        own = entry >> C["ENTRY_ORDINAL_SHIFT"] == ordinal & C["ENTRY_ORDINAL_MASK"]
        mark = C["EVENT_COMMITTED_ODD" if entry >> C["ENTRY_PARITY_SHIFT"] & 1 else "EVENT_COMMITTED_EVEN"]
        return self.block(word, owner) if own else 0, mark

    def events(self, at, listed):
        number, generation = at >> C["HISTORY_SHIFT"], self.u32(at + C["HISTORY_GENERATION"])
        claimed, most, before = self.u32(at + C["HISTORY_CONTROL"] + 4), self.u32(listed + C["LIST_MAX_EVENTS"]), 0
        for index in range(claimed):
            if claimed > most and most // 4 <= index < claimed - (most - most // 4): continue  # fallen
            block, mark = self.event_block(at, listed, index // C["EVENTS_PER_BLOCK"], (number, generation))
            event = block + C["BLOCK_HEADER_BYTES"] + index % C["EVENTS_PER_BLOCK"] * C["EVENT_BYTES"]
            if not block or not self.is_whole(event, mark, index, number, generation): continue  # lost
            before = max(before, self.u64(event + C["EVENT_TIME"]) & (1 << C["EVENT_TIME_BITS"]) - 1)
            what = self.u32(event + C["EVENT_WHAT"])
            verb, written = self.statement(what >> C["EVENT_STATEMENT_SHIFT"])
            name = self.string(self.u64(C["VERB_TABLE"] + C["VERB_BYTES"] * verb) & 0xFFFFFFFF)
            yield {"index": index, "verb": name, "t": before, **self.thread(self.u16(event + C["EVENT_THREAD"])),
                   "format": written.split("\0")[0], "arguments": self.arguments(event, what & C["EVENT_TAGS_MASK"])}

    def is_whole(self, at, mark, index, number, generation):
        words = [self.u32(at + n) for n in range(0, C["EVENT_BYTES"], 4)]
        flags = words[0] & C["EVENT_FLAGS_MASK"]
        names = ("FLAGS", "TIME_LOW", "TIME_HIGH", "WHAT", "WORD_0", "WORD_1", "WORD_2")
        total = sum(C["CHECK_" + name] * word for name, word in zip(names, [flags, *words[1:]]))
        total += C["CHECK_INDEX"] * index + C["CHECK_HISTORY"] * number + C["CHECK_GENERATION"] * generation
        return flags & C["EVENT_COMMITTED_MASK"] == mark and words[0] & ~C["EVENT_FLAGS_MASK"] == total % 2**32 & ~C["EVENT_FLAGS_MASK"]

    def statement(self, ident):
        """The number of the verb, and the format."""
        upper, lower = ident >> C["STRING_ID_CHUNK_SHIFT"], ident & (1 << C["STRING_ID_CHUNK_SHIFT"]) - 1
        if lower >> C["STATEMENT_PLAIN_BITS"] == 0: return upper << C["STATEMENT_PLAIN_BITS"] | lower, ""
        text, verb = self.string(ident), 0
        for digit in text[:C["STATEMENT_DIGITS"]]: verb = verb << C["STATEMENT_DIGIT_BITS"] | ord(digit) - C["STATEMENT_DIGIT"]
        return verb, text[C["STATEMENT_DIGITS"]:]

    def arguments(self, event, tags):
        at, found = event + C["EVENT_WORDS"], []
        if tags & C["EVENT_TAG_MASK"] == C["TAGS_SHORT"]: return [self.short(at, tags)]
        if tags != C["TAGS_TEXT"]:
            while tags:
                value, size = self.argument(tags & C["EVENT_TAG_MASK"], at)
                found.append(value)
                tags, at = tags >> C["EVENT_TAG_BITS"], at + size
            return found
        text = self.u32(at)
        at, end = text + C["TEXT_DATA"], text + C["TEXT_DATA"] + self.u32(text + C["TEXT_LENGTH"])
        while at < end and self.data[at] != C["ARGUMENT_NONE"]:
            value, size = self.argument(self.data[at], at + 1)
            found.append(value)
            at += 1 + size
        return found

    def short(self, at, tags):
        length, form = (tags >> C["SHORT_LENGTH_SHIFT"] & 15) + 1, tags >> C["SHORT_FORM_SHIFT"]
        if form == C["SHORT_BYTES"]: return self.data[at:at + length].decode()
        row, bits = 0x60 if form == C["SHORT_LOWER_CASE"] else 0x40, int.from_bytes(self.data[at:at + 12], "little")
        codes = [bits >> 6 * n & 63 for n in range(length)]
        return "".join(chr(code + 32 if code < 32 else row + code % 32) for code in codes)

    def argument(self, tag, at):
        simple = {C["ARGUMENT_NULL"]: None, C["ARGUMENT_UNDEFINED"]: None, C["ARGUMENT_TRUE"]: True, C["ARGUMENT_FALSE"]: False}
        if tag in simple: return simple[tag], 0
        numbers = {C["ARGUMENT_INT32"]: "<i", C["ARGUMENT_FLOAT64"]: "<d", C["ARGUMENT_INT64"]: "<q", C["ARGUMENT_UINT64"]: "<Q"}
        if tag in numbers: return struct.unpack_from(numbers[tag], self.data, at)[0], struct.calcsize(numbers[tag])
        if tag in (C["ARGUMENT_STRING"], C["ARGUMENT_BACKTRACE"]): return self.string(self.u32(at)), 4
        kept = self.u32(at)  # INLINE_STRING, OBJECT, FORMAT
        return self.data[at + 8:at + 8 + kept].decode(), 8 + kept


if __name__ == "__main__":
    image = Image(Path(sys.argv[1]).read_bytes())
    for at, listed in image.histories():
        for event in image.events(at, listed):
            print(json.dumps({"list": image.string(image.u32(listed + C["LIST_NAME"])), "object": image.object(at), **event}))
