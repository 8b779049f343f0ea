// SPDX-License-Identifier: GPL-2.0-or-later
#include "allocation.h"

#include <cstdlib>
#include <new>

namespace nlb::fuzz {
namespace {

uint64_t fail_at;
uint64_t seen;

}  // namespace

void FailAllocation(uint64_t number) {
  fail_at = number;
  seen = 0;
}

uint64_t AllocationsSeen() { return seen; }

}  // namespace nlb::fuzz

void* operator new(size_t size, const std::nothrow_t&) noexcept {
  using nlb::fuzz::fail_at;
  const bool fails = ++nlb::fuzz::seen >= fail_at && fail_at != 0;
  return fails ? nullptr : std::malloc(size == 0 ? 1 : size);
}

void* operator new(size_t size) {
  void* memory = operator new(size, std::nothrow);
  if (!memory) throw std::bad_alloc();
  return memory;
}

void* operator new[](size_t size) { return operator new(size); }
void* operator new[](size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, size_t) noexcept { std::free(memory); }
