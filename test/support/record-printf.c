/* Reads lines "kind TAB format TAB value" and prints what this machine's C printf makes of them; record-printf.mjs
   compiles and feeds it. Formats of integers carry their "ll". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void) {
  static char line[8192];
  while (fgets(line, sizeof line, stdin)) {
    line[strcspn(line, "\n")] = 0;
    char *format = strchr(line, '\t');
    char *value = format ? strchr(format + 1, '\t') : NULL;
    if (!value) return 1;
    *format++ = 0;
    *value++ = 0;
    switch (line[0]) {
      case 'd': printf(format, strtoll(value, NULL, 10)); break;
      case 'u': printf(format, strtoull(value, NULL, 10)); break;
      case 'f': printf(format, strtod(value, NULL)); break;
      case 's': printf(format, value); break;
      case 'c': printf(format, atoi(value)); break;
      case 'p': printf(format, (void *)strtoull(value, NULL, 10)); break;
      default: return 1;
    }
    putchar('\n');
  }
  return 0;
}
