/** The logo of an organization: a PNG and nothing else, and beside its name, so that nobody has to be told of it. */
export function BrandLogo(props: { readonly logo: string; readonly height: number; readonly width?: number }) {
  return (
    <img
      src={`data:image/png;base64,${props.logo}`}
      alt=""
      draggable={false}
      style={{
        display: 'block',
        flex: 'none',
        height: props.height,
        maxWidth: props.width ?? props.height * 3,
        objectFit: 'contain',
      }}
    />
  );
}
