/* What this machine's C library prints: printf-oracle INPUT OUTPUT. Reads lines

     kind TAB format TAB stars TAB star TAB star TAB value

   and answers each with the length of the text, a newline, the text and another newline. Kinds: i int, u unsigned int,
   l long long, f double (its 64 bits in hexadecimal), s string, c character, p pointer. "stars" says how many of the two
   star arguments are taken. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char text[1 << 17];
static int length;
static int stars, first, second;

#define PRINT(value)                                                                               \
  (length = stars == 0   ? snprintf(text, sizeof text, format, value)                              \
            : stars == 1 ? snprintf(text, sizeof text, format, first, value)                       \
                         : snprintf(text, sizeof text, format, first, second, value))

int main(int count, char **arguments) {
  if (count != 3 || !freopen(arguments[1], "r", stdin) || !freopen(arguments[2], "w", stdout)) return 3;
  static char line[1 << 16];
  while (fgets(line, sizeof line, stdin)) {
    char *fields[6], *at = line;
    line[strcspn(line, "\n")] = 0;
    for (int i = 0; i < 6; i++) {
      fields[i] = at;
      at = strchr(at, '\t');
      if (at) *at++ = 0;
      else if (i < 5) return 1;
    }
    const char *format = fields[1], *value = fields[5];
    stars = atoi(fields[2]);
    first = atoi(fields[3]);
    second = atoi(fields[4]);
    switch (fields[0][0]) {
      case 'i': PRINT((int)strtoll(value, NULL, 10)); break;
      case 'u': PRINT((unsigned)strtoull(value, NULL, 10)); break;
      case 'l': PRINT(value[0] == '-' ? strtoll(value, NULL, 10) : (long long)strtoull(value, NULL, 10)); break;
      case 's': PRINT(value); break;
      case 'c': PRINT(atoi(value)); break;
      case 'p': PRINT((void *)(uintptr_t)strtoull(value, NULL, 10)); break;
      case 'f': {
        uint64_t bits = strtoull(value, NULL, 16);
        double number;
        memcpy(&number, &bits, sizeof number);
        PRINT(number);
        break;
      }
      default: return 1;
    }
    if (length < 0 || (size_t)length >= sizeof text) return 2;
    printf("%d\n", length);
    fwrite(text, 1, length, stdout);
    putchar('\n');
  }
  return 0;
}
