// SPDX-License-Identifier: GPL-2.0-or-later
#include "hostile/allocation.h"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <new>
#include <utility>

namespace nlb::test {
namespace {

uint64_t fail_at;
uint64_t seen;
int64_t live;
int64_t peak;

// glibc's heap keeps a word in front of each block; Windows' is taken for as thrifty.
int64_t SizeOf(void* memory) {
#ifdef _WIN32
  const size_t usable = _msize(memory);
#else
  const size_t usable = malloc_usable_size(memory);
#endif
  return static_cast<int64_t>(usable + sizeof(size_t));
}

void* Allocate(size_t size) {
  if (++seen >= fail_at && fail_at != 0) return nullptr;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory) live += SizeOf(memory);
  peak = std::max(peak, live);
  return memory;
}

void Free(void* memory) {
  if (memory) live -= SizeOf(memory);
  std::free(memory);
}

}  // namespace

void FailAllocation(uint64_t number) {
  fail_at = number;
  seen = 0;
}

uint64_t AllocationsSeen() { return seen; }
int64_t LiveBytes() { return live; }
int64_t TakePeakBytes() { return std::exchange(peak, live); }

}  // namespace nlb::test

void* operator new(size_t size) {
  void* memory = nlb::test::Allocate(size);
  if (!memory) throw std::bad_alloc();
  return memory;
}

void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return nlb::test::Allocate(size);
}
void* operator new[](size_t size) { return operator new(size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept {
  return nlb::test::Allocate(size);
}
void operator delete(void* memory) noexcept { nlb::test::Free(memory); }
void operator delete[](void* memory) noexcept { nlb::test::Free(memory); }
void operator delete(void* memory, size_t) noexcept { nlb::test::Free(memory); }
void operator delete[](void* memory, size_t) noexcept { nlb::test::Free(memory); }
