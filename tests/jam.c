/* The wall clock moved by GESER seconds, for whatever process loads this (make pada). Waits go by the other clock, which stays. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t jam, struct timespec *kini) {
    int hasil = syscall(SYS_clock_gettime, jam, kini);
    char *geser = getenv("GESER");
    if (hasil == 0 && geser && (jam == CLOCK_REALTIME || jam == CLOCK_REALTIME_COARSE)) kini->tv_sec += atol(geser);
    return hasil;
}

int gettimeofday(struct timeval *restrict kini, void *restrict zona) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    if (kini) *kini = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *kini) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return kini ? *kini = t.tv_sec : t.tv_sec;
}
