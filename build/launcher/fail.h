#ifndef FAIL_H
#define FAIL_H

/* One line on standard error, with what errno says unless it is 0; ends with 126, "cannot be run". */
__attribute__((noreturn, format(printf, 1, 2))) void fail(const char *format, ...);

#endif
