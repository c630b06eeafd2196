#include "arrays.hpp"

namespace loudscope::bindings {
namespace {

PyObject* bad_sample_type = nullptr;  // written once, while the module is imported

}  // namespace

void raise_bad_sample(const BadSample& bad) {
  const nb::tuple arguments = nb::make_tuple(bad.frame, bad.channel, bad.value, bad.clip);
  PyErr_SetObject(bad_sample_type, arguments.ptr());
  throw nb::python_error();
}

}  // namespace loudscope::bindings

NB_MODULE(_core, m) {
  using namespace loudscope::bindings;
  m.doc() = "The measuring engine: scan, live meter, gating.";
  bad_sample_type = PyErr_NewException("loudscope._core.BadSample", PyExc_ValueError, nullptr);
  m.attr("BadSample") = nb::borrow(bad_sample_type);
  bind_design(m);
  bind_gating(m);
  bind_scan(m);
  bind_live(m);
  bind_batch(m);
  bind_spectra(m);
}
